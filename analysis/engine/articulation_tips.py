"""The texts of the tips: Korean, English. Written for Korean speakers; each says what mouth or voice should do.

No Korean particle follows a word or a sound directly where its form would depend on the last letter (이/가, 은/는).
"""

from typing import Final

Texts = tuple[str, str]

GENERAL: Final[dict[str, Texts]] = {
    "no_speech": (
        "목소리가 들리지 않았어요. 마이크를 가까이 두고, 녹음이 시작되면 문장을 말해 보세요.",
        "We could not hear a voice. Move closer to the microphone and speak once the recording has started.",
    ),
    "wrong_sentence": (
        "화면의 문장과 다르게 들렸어요. 문장을 보면서 처음부터 천천히 다시 읽어 보세요.",
        "This did not sound like the line. Read it again from the screen, slowly, from the first word.",
    ),
    "too_noisy": (
        "주변이 시끄러워서 목소리를 제대로 듣지 못했어요. 조용한 곳에서 마이크에 더 가까이 말해 보세요.",
        "The room was too loud for us to hear you well. Find a quieter place or speak closer to the microphone.",
    ),
    "clipped": (
        "소리가 너무 커서 깨졌어요. 마이크에서 한 뼘쯤 떨어져서 말해 보세요.",
        "The recording is so loud that it breaks up. Move a hand's width away from the microphone.",
    ),
    "too_short": (
        "녹음이 너무 짧아요. 문장을 끝까지 말한 다음에 녹음을 멈춰 주세요.",
        "The recording is too short. Finish the whole line before you stop recording.",
    ),
    "incomplete": (
        "문장의 일부만 들려서 그 부분만 채점했어요. 이번에는 마지막 단어까지 이어서 말해 보세요.",
        "We heard only part of the line and scored that part. This time, keep going to the last word.",
    ),
    "recording_cut": (
        "녹음이 중간에 끊겼어요. 마지막 단어를 말하고 1초쯤 기다렸다가 녹음을 멈춰 주세요.",
        "The recording broke off. After your last word, wait a second before you stop recording.",
    ),
    "word_omitted": (
        "{words} 소리가 들리지 않았어요. 가볍게라도 소리 내어 말해 보세요.",
        "We did not hear {words}. Say it too, even if only lightly.",
    ),
    "pitch_flat": (
        "목소리 높낮이가 거의 변하지 않아요. 배우처럼 '{word}'에서 음을 확 올렸다가 다시 내려 보세요.",
        "Your voice stays on one note. Like the actor, jump up on “{word}” and come down again.",
    ),
    "end_rise": (
        "배우는 '{word}'에서 목소리를 올려요. 끝을 올려 보세요.",
        "The actor's voice goes up on “{word}”. Let the end rise.",
    ),
    "end_fall": (
        "배우는 '{word}'에서 목소리를 낮추며 말을 맺어요. 끝을 내려 보세요.",
        "The actor's voice comes down on “{word}” to close the line. Let the end fall.",
    ),
    "word_rise": (
        "배우는 '{word}'에서 목소리가 올라가는데, 지금은 내려가요. 이 단어를 낮게 시작해서 높게 끝내 보세요.",
        "The actor's voice rises on “{word}” and yours falls. Start that word low and end it high.",
    ),
    "word_fall": (
        "배우는 '{word}'에서 목소리가 내려가는데, 지금은 올라가요. 이 단어를 높게 시작해서 낮게 끝내 보세요.",
        "The actor's voice falls on “{word}” and yours rises. Start that word high and end it low.",
    ),
    "pitch_shape": (
        "목소리가 오르내리는 자리가 배우와 달라요. 원음을 들으며 손으로 높낮이를 그린 다음, 손을 따라 말해 보세요.",
        "Your voice rises and falls in other places than the actor's. Trace the tune with your hand, then speak it.",
    ),
    "stress_more": (
        "배우는 '{word}'에 힘을 줘요. 이 단어의 모음을 더 길고, 높고, 크게 말해 보세요.",
        "The actor stresses “{word}”. Make its vowel longer, higher and louder.",
    ),
    "stress_less": (
        "'{word}'에 힘이 많이 들어갔어요. 배우처럼 이 단어는 짧고 가볍게 지나가 보세요.",
        "You lean hard on “{word}”. Like the actor, pass over it short and light.",
    ),
    "pauses": (
        "'{word}' 앞에서 잠깐 멈췄어요. 배우처럼 앞 단어와 붙여서 한숨에 말해 보세요.",
        "You paused before “{word}”. The actor does not: join it to the word before, in one breath.",
    ),
    "too_slow": (
        "배우보다 조금 느려요. 단어 사이를 끊지 말고, 앞 단어의 끝소리를 다음 단어에 이어 보세요.",
        "You are slower than the actor. Do not stop between words: carry the end of each word into the next.",
    ),
    "too_slow_word": (
        "배우보다 조금 느려요. '{word}' 같은 작은 단어를 짧고 약하게 말하면 빨라져요.",
        "You are slower than the actor. Keep little words like “{word}” short and weak and the pace will come.",
    ),
    "too_fast": (
        "배우보다 빨라요. 중요한 단어의 모음을 길게 늘이면서 여유 있게 말해 보세요.",
        "You are faster than the actor. Take your time: stretch the vowels of the important words.",
    ),
    "energy": (
        "배우만큼 강약이 살지 않았어요. '{word}' 같은 중요한 단어는 크게, 나머지는 작게 말해 보세요.",
        "The actor plays louder and softer more. Say important words like “{word}” louder and the rest softer.",
    ),
    "practise_word": (
        "전체적으로 좋아요. '{word}' 한 단어만 원음을 듣고 천천히 두 번 따라 해 보세요.",
        "Good overall. Listen to “{word}” once more and repeat it slowly twice.",
    ),
    "practise_slowly": (
        "'{word}'부터 다시 해 볼까요? 원음을 듣고 한 소리씩 천천히 따라 한 다음, 문장 전체를 말해 보세요.",
        "Shall we start with “{word}”? Listen, repeat it slowly sound by sound, then say the whole line.",
    ),
    "well_done": (
        "아주 좋아요! 이제 배우의 감정과 타이밍까지 그대로 옮겨 보세요.",
        "Very good! Now match the actor's feeling and timing as well.",
    ),
}

DROPPED_LAST: Final[Texts] = (
    "'{word}'의 마지막 /{ipa}/ 소리가 들리지 않았어요. {how}",
    "The /{ipa}/ at the end of “{word}” got lost. {how}",
)
DROPPED: Final[Texts] = (
    "'{word}'에서 /{ipa}/ 소리가 빠졌어요. {how}",
    "The /{ipa}/ in “{word}” got lost. {how}",
)
_LIPS_OPEN: Final = (
    "두 입술을 붙였다가 짧게 터뜨려 주세요.",
    "Close both lips and let them open with a short pop.",
)
_TIP_OPEN: Final = (
    "혀끝을 윗니 뒤 잇몸에 댔다가 짧게 떼어 주세요.",
    "Touch the gum behind the upper teeth with the tongue tip and release it, short and light.",
)
_BACK_OPEN: Final = (
    "혀 뒤쪽을 입천장에 붙였다가 짧게 터뜨려 주세요.",
    "Close the back of the tongue against the palate and release it with a short pop.",
)
_HISS: Final = (
    "혀끝을 잇몸에 가까이 두고 바람 소리를 끝까지 내 주세요.",
    "Keep the tongue tip near the gum and let the air hiss to the very end.",
)
_HOW: Final[dict[str, Texts]] = {
    **dict.fromkeys(("P", "B"), _LIPS_OPEN),
    **dict.fromkeys(("T", "D"), _TIP_OPEN),
    **dict.fromkeys(("K", "G"), _BACK_OPEN),
    **dict.fromkeys(("S", "Z"), _HISS),
    **dict.fromkeys(
        ("SH", "ZH", "CH", "JH"),
        ("입술을 둥글게 내밀고 바람을 내 주세요.", "Push the lips forward and let the air out."),
    ),
    **dict.fromkeys(
        ("F", "V"), ("윗니를 아랫입술에 대고 바람을 내 주세요.", "Rest the upper teeth on the lower lip and blow.")
    ),
    **dict.fromkeys(
        ("TH", "DH"), ("혀끝을 윗니 끝에 대고 바람을 내 주세요.", "Touch the upper teeth with the tongue tip and blow.")
    ),
    "L": ("혀끝을 윗니 뒤 잇몸에 댄 채로 끝내 주세요.", "End with the tongue tip resting behind the upper teeth."),
    "R": ("혀끝을 어디에도 대지 말고 뒤로 당겨 주세요.", "Pull the tongue back; its tip touches nothing."),
    "M": ("두 입술을 다물고 콧소리로 끝내 주세요.", "Close the lips and end with a hum."),
    "N": ("혀끝을 윗니 뒤 잇몸에 대고 콧소리를 내 주세요.", "Put the tongue tip behind the upper teeth and hum."),
    "NG": ("혀 뒤쪽을 입천장에 붙이고 콧소리를 내 주세요.", "Raise the back of the tongue to the palate and hum."),
}
_PLAINLY: Final = ("이 소리를 짧게라도 넣어서 말해 보세요.", "Put that sound in, even if it is short.")


def how_to_say(phone: str) -> Texts:
    """What the mouth does for a sound that was left out."""
    return _HOW.get(phone, _PLAINLY)


ADDED_VOWEL: Final[Texts] = (
    "'{word}'에 '으' 같은 모음이 들어갔어요. 자음 뒤에서 목소리를 바로 끊고 다음 소리로 넘어가 보세요.",
    "An extra vowel slipped into “{word}”. Stop your voice right after the consonant and go straight on.",
)

_R_L: Final[Texts] = (
    "'{word}'의 /ɹ/ 소리는 혀끝이 입천장에 닿지 않아요. 입술을 조금 둥글게 하고 혀를 뒤로 당겨 보세요.",
    "For the /ɹ/ in “{word}” the tongue tip touches nothing: round your lips a little and pull the tongue back.",
)
_L_R: Final[Texts] = (
    "'{word}'의 /l/ 소리는 혀끝을 윗니 뒤 잇몸에 꾹 댄 채로 내 보세요.",
    "For the /l/ in “{word}” press the tongue tip against the gum behind your upper teeth and hold it there.",
)
_F_P: Final[Texts] = (
    "'{word}'의 /f/ 소리는 윗니를 아랫입술에 살짝 대고 바람을 내보내세요. 두 입술을 붙이면 /p/ 소리가 돼요.",
    "For the /f/ in “{word}” rest the upper teeth on the lower lip and blow; closing both lips makes a /p/.",
)
_V_B: Final[Texts] = (
    "'{word}'의 /v/ 소리는 윗니를 아랫입술에 대고 떨리게 해 보세요. 두 입술을 붙이면 /b/ 소리가 돼요.",
    "For the /v/ in “{word}” put the upper teeth on the lower lip and let it buzz; closing both lips makes a /b/.",
)
_P_F: Final[Texts] = (
    "'{word}'의 /p/ 소리는 두 입술을 꼭 붙였다가 터뜨려 보세요. 이가 입술에 닿지 않아요.",
    "For the /p/ in “{word}” close both lips firmly, then let them pop open; the teeth stay away.",
)
_B_V: Final[Texts] = (
    "'{word}'의 /b/ 소리는 두 입술을 꼭 붙였다가 떼어 보세요. 이가 입술에 닿으면 /v/ 소리가 돼요.",
    "For the /b/ in “{word}” close both lips, then open them; teeth on the lip would make a /v/.",
)
_TH: Final[Texts] = (
    "'{word}'의 /θ/ 소리는 혀끝을 윗니와 아랫니 사이로 살짝 내밀고, 목소리 없이 바람만 내보내세요.",
    "For the /θ/ in “{word}” let the tongue tip show between your teeth and blow, without voice.",
)
_DH: Final[Texts] = (
    "'{word}'의 /ð/ 소리는 혀끝을 이 사이에 살짝 대고 목소리를 울려 보세요. /d/처럼 공기를 막지 마세요.",
    "For the /ð/ in “{word}” touch the teeth with the tongue tip and use your voice; do not stop the air as in /d/.",
)
_S: Final[Texts] = (
    "'{word}'의 /s/ 소리는 혀끝을 이 뒤에 두고 내 보세요. 혀가 이 사이로 나오면 /θ/ 소리가 돼요.",
    "For the /s/ in “{word}” keep the tongue tip behind the teeth; between the teeth it becomes /θ/.",
)
_T: Final[Texts] = (
    "'{word}'의 /t/ 소리는 혀끝으로 윗니 뒤 잇몸을 막았다가 톡 터뜨려 보세요.",
    "For the /t/ in “{word}” stop the air with the tongue tip on the gum behind the upper teeth, then let it pop.",
)
_D: Final[Texts] = (
    "'{word}'의 /d/ 소리는 혀끝으로 윗니 뒤 잇몸을 막았다가 목소리와 함께 떼어 보세요.",
    "For the /d/ in “{word}” stop the air with the tongue tip behind the upper teeth, then let go, with voice.",
)
_Z: Final[Texts] = (
    "'{word}'의 /z/ 소리는 'ㅈ'이 아니에요. /s/ 소리를 내면서 벌이 윙윙거리듯 목을 울려 보세요.",
    "The /z/ in “{word}” is an /s/ with voice, like a bee. The tongue does not touch the roof of the mouth.",
)
_Z_DH: Final[Texts] = (
    "'{word}'의 /z/ 소리는 혀끝을 이 뒤에 두고 벌처럼 윙 하고 울려 보세요. 혀가 이에 닿지 않아요.",
    "For the /z/ in “{word}” keep the tongue tip behind the teeth, without touching them, and buzz like a bee.",
)
_JH: Final[Texts] = (
    "'{word}'의 /dʒ/ 소리는 혀를 입천장에 붙였다가 떼면서 내 보세요.",
    "For the /dʒ/ in “{word}” start with the tongue on the roof of the mouth, then release it.",
)
_AE: Final[Texts] = (
    "'{word}'의 /æ/ 소리는 '에'보다 턱을 더 내리고 입을 옆으로 벌려서 내 보세요.",
    "For the /æ/ in “{word}” drop the jaw further and spread the lips: wider than /ɛ/.",
)
_EH: Final[Texts] = (
    "'{word}'의 /ɛ/ 소리는 짧은 '에'예요. 턱을 조금만 내리고 짧게 말해 보세요.",
    "The /ɛ/ in “{word}” is short: keep the jaw higher than for /æ/.",
)
_IH: Final[Texts] = (
    "'{word}'의 /ɪ/ 소리는 힘을 빼고 짧게 내요. '이'와 '에'의 중간쯤으로 말해 보세요.",
    "The /ɪ/ in “{word}” is short and relaxed, halfway to /ɛ/.",
)
_IY: Final[Texts] = (
    "'{word}'의 /iː/ 소리는 웃을 때처럼 입을 옆으로 당기고 길게 내 보세요.",
    "For the /iː/ in “{word}” smile and hold the vowel longer.",
)
_UH: Final[Texts] = (
    "'{word}'의 /ʊ/ 소리는 입술에 힘을 빼고 '으'와 '우' 사이로 짧게 내 보세요.",
    "The /ʊ/ in “{word}” is short and loose, with the lips only slightly rounded.",
)
_UW: Final[Texts] = (
    "'{word}'의 /uː/ 소리는 입술을 동그랗게 내밀고 길게 내 보세요.",
    "For the /uː/ in “{word}” push the lips forward and hold the vowel longer.",
)
_OW: Final[Texts] = (
    "'{word}'의 /oʊ/ 소리는 '오'에서 '우'로 미끄러져요. 입술을 점점 오므려 보세요.",
    "The /oʊ/ in “{word}” glides: let the lips close from “o” towards “oo”.",
)
_AO: Final[Texts] = (
    "'{word}'의 /ɔ/ 소리는 입을 크게 벌리고, 입술 모양을 그대로 둔 채 내 보세요.",
    "For the /ɔ/ in “{word}” open the mouth wide and keep the lips still.",
)
_Z_S: Final[Texts] = (
    "'{word}'의 /z/ 소리는 /s/와 입 모양이 같아요. 손을 목에 대고 떨림이 느껴지게 '즈' 하고 울려 보세요.",
    "The /z/ in “{word}” is an /s/ with the voice on: a hand on your throat should feel it buzz.",
)
_S_SH: Final[Texts] = (
    "'{word}'의 /s/ 소리는 입술을 내밀지 말고 옆으로 살짝 당겨서, 혀끝 쪽에서 바람을 내 보세요.",
    "For the /s/ in “{word}” keep the lips flat and let the air hiss over the tongue tip.",
)
_SH: Final[Texts] = (
    "'{word}'의 /ʃ/ 소리는 입술을 둥글게 내밀고 혀를 조금 뒤로 당겨서 '쉬' 하고 바람을 내 보세요.",
    "For the /ʃ/ in “{word}” push the lips forward, draw the tongue back a little and let the air out as in “hush”.",
)
_AH: Final[Texts] = (
    "'{word}'의 /ʌ/ 소리는 턱을 조금만 내리고 힘을 뺀 채 짧게 내요. '어'에 가깝게 말해 보세요.",
    "The /ʌ/ in “{word}” is short and relaxed: keep the jaw higher than for /ɑ/.",
)
_ER: Final[Texts] = (
    "'{word}'의 /ɝ/ 소리는 입을 조금만 벌리고, 혀끝을 어디에도 대지 않은 채 뒤로 당기면서 내 보세요.",
    "For the /ɝ/ in “{word}” open the mouth only a little and pull the tongue back; its tip touches nothing.",
)

SOUNDS: Final[dict[tuple[str, str], Texts]] = {
    **{("R", "L"): _R_L, ("L", "R"): _L_R, ("F", "P"): _F_P, ("P", "F"): _P_F, ("V", "B"): _V_B, ("B", "V"): _B_V},
    **{("TH", "S"): _TH, ("TH", "T"): _TH, ("S", "TH"): _S, ("T", "TH"): _T, ("DH", "D"): _DH, ("D", "DH"): _D},
    **{("DH", "Z"): _DH, ("Z", "DH"): _Z_DH, ("Z", "JH"): _Z, ("JH", "Z"): _JH, ("Z", "S"): _Z_S},
    **{("AE", "EH"): _AE, ("EH", "AE"): _EH, ("IH", "IY"): _IH, ("IY", "IH"): _IY, ("UH", "UW"): _UH},
    **{("UW", "UH"): _UW, ("OW", "AO"): _OW, ("AO", "OW"): _AO},
    **{("S", "SH"): _S_SH, ("SH", "S"): _SH, ("AH", "AA"): _AH, ("ER", "AO"): _ER},
}

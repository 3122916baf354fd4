"""The texts of the tips: Korean, English. Written for Korean speakers; each says what the mouth should do."""

from typing import Final

Texts = tuple[str, str]

GENERAL: Final[dict[str, Texts]] = {
    "no_speech": (
        "목소리가 들리지 않았어요. 마이크를 가까이 두고, 녹음이 시작된 뒤에 문장을 말해 보세요.",
        "We could not hear a voice. Move closer to the microphone and speak after the recording has started.",
    ),
    "wrong_sentence": (
        "이 문장과 다른 말로 들렸어요. 화면의 문장을 보면서 그대로 다시 읽어 보세요.",
        "This did not sound like the line. Read the sentence on the screen once more, word for word.",
    ),
    "too_noisy": (
        "주변 소음이 커서 발음을 들을 수 없었어요. 조용한 곳에서 마이크에 더 가까이 말해 보세요.",
        "The room was too loud for us to hear you. Find a quieter place or speak closer to the microphone.",
    ),
    "too_short": (
        "녹음이 너무 짧아요. 문장을 끝까지 말한 다음에 녹음을 멈춰 주세요.",
        "The recording is too short. Finish the whole line before you stop recording.",
    ),
    "incomplete": (
        "문장의 일부만 들렸어요. 들린 부분만 채점했으니, 끝까지 한 번에 말해 보세요.",
        "We heard only part of the line and judged that part. Now say it through to the end in one breath.",
    ),
    "word_omitted": (
        "'{word}'이(가) 들리지 않았어요. 약하게라도 꼭 소리 내 주세요.",
        "We did not hear “{word}”. Say it too, even if only lightly.",
    ),
    "pitch_flat": (
        "높낮이가 거의 없어요. 배우가 힘주는 단어에서 음을 확실히 올렸다가 문장 끝에서 내려 보세요.",
        "Your voice stays on one note. Rise clearly on the words the actor stresses, then fall at the end.",
    ),
    "pitch_shape": (
        "오르내리는 자리가 배우와 달라요. 원음을 듣고 손으로 높낮이를 그리며 따라 해 보세요.",
        "Your voice rises and falls in other places than the actor's. Listen again and trace the tune with your hand.",
    ),
    "pauses": (
        "배우가 쉬지 않는 곳에서 멈췄어요. 단어를 이어서, 한 덩어리로 말해 보세요.",
        "You paused where the actor does not. Link the words and say the phrase as one piece.",
    ),
    "too_slow": (
        "배우보다 느려요. the, to, and 같은 작은 단어를 짧고 약하게 하면 빨라집니다.",
        "You are slower than the actor. Keep little words (the, to, and) short and weak and the pace will come.",
    ),
    "too_fast": (
        "배우보다 빨라요. 강조하는 단어의 모음을 길게 늘여 보세요.",
        "You are faster than the actor. Give the stressed words longer vowels.",
    ),
    "energy": (
        "배우의 강약을 더 살려 보세요. 중요한 단어는 크게, 나머지는 작게요.",
        "Follow the actor's energy: the important words louder, the rest softer.",
    ),
    "practise_word": (
        "전체적으로 좋아요. '{word}'만 원음을 듣고 천천히 두 번 따라 해 보세요.",
        "Good overall. Listen to “{word}” once more and repeat it slowly twice.",
    ),
    "well_done": (
        "아주 좋아요! 이제 배우의 감정과 타이밍까지 그대로 옮겨 보세요.",
        "Very good! Now match the actor's feeling and timing as well.",
    ),
}

DROPPED: Final[Texts] = (
    "'{word}'에서 /{ipa}/ 소리가 빠졌어요. 끝 자음까지 짧게 붙여서 발음해 보세요.",
    "The /{ipa}/ in “{word}” got lost. Close the word with that sound, short but audible.",
)
ADDED_VOWEL: Final[Texts] = (
    "'{word}'에 '으' 같은 모음이 들어갔어요. 자음 뒤에서 목소리를 멈추고 바로 다음 소리로 넘어가세요.",
    "An extra vowel slipped into “{word}”. Let the consonant end without voice and go straight on.",
)

_R_L: Final[Texts] = (
    "'{word}'의 /ɹ/은 혀끝이 입천장에 닿지 않아요. 입술을 조금 둥글게 하고 혀를 뒤로 당기세요.",
    "For the /ɹ/ in “{word}” the tongue tip touches nothing: round your lips a little and pull the tongue back.",
)
_L_R: Final[Texts] = (
    "'{word}'의 /l/은 혀끝을 윗니 뒤 잇몸에 꾹 대고 소리를 내세요.",
    "For the /l/ in “{word}” press the tongue tip against the gum behind your upper teeth and hold it there.",
)
_F_P: Final[Texts] = (
    "'{word}'의 /f/는 윗니를 아랫입술에 살짝 대고 바람을 내보내세요. 두 입술을 붙이면 /p/가 됩니다.",
    "For the /f/ in “{word}” rest the upper teeth on the lower lip and blow; closing both lips makes a /p/.",
)
_V_B: Final[Texts] = (
    "'{word}'의 /v/는 윗니를 아랫입술에 대고 떨리게 하세요. 두 입술을 붙이면 /b/가 됩니다.",
    "For the /v/ in “{word}” put the upper teeth on the lower lip and let it buzz; closing both lips makes a /b/.",
)
_P_F: Final[Texts] = (
    "'{word}'의 /p/는 두 입술을 꼭 붙였다가 터뜨리세요.",
    "For the /p/ in “{word}” close both lips firmly, then let them pop open.",
)
_B_V: Final[Texts] = (
    "'{word}'의 /b/는 두 입술을 꼭 붙였다가 떼세요. 이가 닿으면 /v/가 됩니다.",
    "For the /b/ in “{word}” close both lips; teeth on the lip would make a /v/.",
)
_TH: Final[Texts] = (
    "'{word}'의 /θ/는 혀끝을 윗니와 아랫니 사이에 살짝 내밀고 바람만 내보내세요.",
    "For the /θ/ in “{word}” let the tongue tip show between your teeth and blow, without voice.",
)
_DH: Final[Texts] = (
    "'{word}'의 /ð/는 혀끝을 이 사이에 살짝 대고 목소리를 울리세요. /d/처럼 막지 마세요.",
    "For the /ð/ in “{word}” touch the teeth with the tongue tip and use your voice; do not stop the air as in /d/.",
)
_Z: Final[Texts] = (
    "'{word}'의 /z/는 'ㅈ'이 아니에요. /s/를 내면서 목을 울려 벌이 윙윙거리듯 하세요.",
    "The /z/ in “{word}” is an /s/ with voice, like a bee. The tongue does not touch the roof of the mouth.",
)
_JH: Final[Texts] = (
    "'{word}'의 /dʒ/는 혀를 입천장에 붙였다가 떼며 소리 내세요.",
    "For the /dʒ/ in “{word}” start with the tongue on the roof of the mouth, then release it.",
)
_AE: Final[Texts] = (
    "'{word}'의 /æ/는 '에'보다 턱을 더 내리고 입을 옆으로 벌리세요.",
    "For the /æ/ in “{word}” drop the jaw further and spread the lips: wider than /ɛ/.",
)
_EH: Final[Texts] = (
    "'{word}'의 /ɛ/는 짧은 '에'예요. 턱을 너무 내리지 마세요.",
    "The /ɛ/ in “{word}” is short: keep the jaw higher than for /æ/.",
)
_IH: Final[Texts] = (
    "'{word}'의 /ɪ/는 짧고 힘을 뺀 소리예요. '이'와 '에'의 중간처럼 내세요.",
    "The /ɪ/ in “{word}” is short and relaxed, halfway to /ɛ/.",
)
_IY: Final[Texts] = (
    "'{word}'의 /iː/는 웃듯이 입을 옆으로 당기고 길게 내세요.",
    "For the /iː/ in “{word}” smile and hold the vowel longer.",
)
_UH: Final[Texts] = (
    "'{word}'의 /ʊ/는 짧고 느슨하게, '으'와 '우' 사이로 내세요.",
    "The /ʊ/ in “{word}” is short and loose, with the lips only slightly rounded.",
)
_UW: Final[Texts] = (
    "'{word}'의 /uː/는 입술을 동그랗게 내밀고 길게 내세요.",
    "For the /uː/ in “{word}” push the lips forward and hold the vowel longer.",
)
_OW: Final[Texts] = (
    "'{word}'의 /oʊ/는 '오'에서 '우'로 미끄러지는 소리예요. 입술을 점점 오므리세요.",
    "The /oʊ/ in “{word}” glides: let the lips close from “o” towards “oo”.",
)
_AO: Final[Texts] = (
    "'{word}'의 /ɔ/는 입을 크게 벌리고 입술을 움직이지 마세요.",
    "For the /ɔ/ in “{word}” open the mouth wide and keep the lips still.",
)

SOUNDS: Final[dict[tuple[str, str], Texts]] = {
    **{("R", "L"): _R_L, ("L", "R"): _L_R, ("F", "P"): _F_P, ("P", "F"): _P_F, ("V", "B"): _V_B, ("B", "V"): _B_V},
    **{("TH", "S"): _TH, ("TH", "T"): _TH, ("DH", "D"): _DH, ("DH", "Z"): _DH, ("Z", "JH"): _Z, ("JH", "Z"): _JH},
    **{("AE", "EH"): _AE, ("EH", "AE"): _EH, ("IH", "IY"): _IH, ("IY", "IH"): _IY, ("UH", "UW"): _UH},
    **{("UW", "UH"): _UW, ("OW", "AO"): _OW, ("AO", "OW"): _AO},
}

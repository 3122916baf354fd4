"""The texts of tips that hold for any learned language, by language tag. Written for Korean speakers.

Each says what mouth or voice should do. No Korean particle follows a word or a phone directly where its form would
depend on the last letter (이/가, 은/는).
"""

from typing import Final

from analysis.engine.language_profile import Texts

GENERAL: Final[dict[str, Texts]] = {
    "no_speech": {
        "ko": "목소리가 들리지 않았어요. 마이크를 가까이 두고, 녹음이 시작되면 문장을 말해 보세요.",
        "en": "We could not hear a voice. Move closer to the microphone and speak once the recording has started.",
    },
    "wrong_sentence": {
        "ko": "화면의 문장과 다르게 들렸어요. 문장을 보면서 처음부터 천천히 다시 읽어 보세요.",
        "en": "This did not sound like the line. Read it again from the screen, slowly, from the first word.",
    },
    "too_noisy": {
        "ko": "주변이 시끄러워서 목소리를 제대로 듣지 못했어요. 조용한 곳에서 마이크에 더 가까이 말해 보세요.",
        "en": "The room was too loud for us to hear you well. Find a quieter place or speak closer to the microphone.",
    },
    "clipped": {
        "ko": "소리가 너무 커서 깨졌어요. 마이크에서 한 뼘쯤 떨어져서 말해 보세요.",
        "en": "The recording is so loud that it breaks up. Move a hand's width away from the microphone.",
    },
    "too_short": {
        "ko": "녹음이 너무 짧아요. 문장을 끝까지 말한 다음에 녹음을 멈춰 주세요.",
        "en": "The recording is too short. Finish the whole line before you stop recording.",
    },
    "incomplete": {
        "ko": "문장의 일부만 들려서 그 부분만 채점했어요. 이번에는 마지막 단어까지 이어서 말해 보세요.",
        "en": "We heard only part of the line and scored that part. This time, keep going to the last word.",
    },
    "recording_cut": {
        "ko": "녹음이 중간에 끊겼어요. 마지막 단어를 말하고 1초쯤 기다렸다가 녹음을 멈춰 주세요.",
        "en": "The recording broke off. After your last word, wait a second before you stop recording.",
    },
    "word_omitted": {
        "ko": "{words} 소리가 들리지 않았어요. 가볍게라도 소리 내어 말해 보세요.",
        "en": "We did not hear {words}. Say it too, even if only lightly.",
    },
    "pitch_flat": {
        "ko": "목소리 높낮이가 거의 변하지 않아요. 배우처럼 '{word}'에서 음을 확 올렸다가 다시 내려 보세요.",
        "en": "Your voice stays on one note. Like the actor, jump up on “{word}” and come down again.",
    },
    "end_rise": {
        "ko": "배우는 '{word}'에서 목소리를 올려요. 끝을 올려 보세요.",
        "en": "The actor's voice goes up on “{word}”. Let the end rise.",
    },
    "end_fall": {
        "ko": "배우는 '{word}'에서 목소리를 낮추며 말을 맺어요. 끝을 내려 보세요.",
        "en": "The actor's voice comes down on “{word}” to close the line. Let the end fall.",
    },
    "word_rise": {
        "ko": "배우는 '{word}'에서 목소리가 올라가는데, 지금은 내려가요. 이 단어를 낮게 시작해서 높게 끝내 보세요.",
        "en": "The actor's voice rises on “{word}” and yours falls. Start that word low and end it high.",
    },
    "word_fall": {
        "ko": "배우는 '{word}'에서 목소리가 내려가는데, 지금은 올라가요. 이 단어를 높게 시작해서 낮게 끝내 보세요.",
        "en": "The actor's voice falls on “{word}” and yours rises. Start that word high and end it low.",
    },
    "pitch_shape": {
        "ko": "목소리가 오르내리는 자리가 배우와 달라요. 원음을 들으며 손으로 "
        "높낮이를 그린 다음, 손을 따라 말해 보세요.",
        "en": "Your voice rises and falls in other places than the actor's. Trace "
        "the tune with your hand, then speak it.",
    },
    "stress_more": {
        "ko": "배우는 '{word}'에 힘을 줘요. 이 단어의 모음을 더 길고, 높고, 크게 말해 보세요.",
        "en": "The actor stresses “{word}”. Make its vowel longer, higher and louder.",
    },
    "stress_less": {
        "ko": "'{word}'에 힘이 많이 들어갔어요. 배우처럼 이 단어는 짧고 가볍게 지나가 보세요.",
        "en": "You lean hard on “{word}”. Like the actor, pass over it short and light.",
    },
    "pauses": {
        "ko": "'{word}' 앞에서 잠깐 멈췄어요. 배우처럼 앞 단어와 붙여서 한숨에 말해 보세요.",
        "en": "You paused before “{word}”. The actor does not: join it to the word before, in one breath.",
    },
    "too_slow": {
        "ko": "배우보다 조금 느려요. 단어 사이를 끊지 말고, 앞 단어의 끝소리를 다음 단어에 이어 보세요.",
        "en": "You are slower than the actor. Do not stop between words: carry the end of each word into the next.",
    },
    "too_slow_word": {
        "ko": "배우보다 조금 느려요. '{word}' 같은 작은 단어를 짧고 약하게 말하면 빨라져요.",
        "en": "You are slower than the actor. Keep little words like “{word}” short and weak and the pace will come.",
    },
    "too_fast": {
        "ko": "배우보다 빨라요. 중요한 단어의 모음을 길게 늘이면서 여유 있게 말해 보세요.",
        "en": "You are faster than the actor. Take your time: stretch the vowels of the important words.",
    },
    "energy": {
        "ko": "배우만큼 강약이 살지 않았어요. '{word}' 같은 중요한 단어는 크게, 나머지는 작게 말해 보세요.",
        "en": "The actor plays louder and softer more. Say important words like “{word}” louder and the rest softer.",
    },
    "practise_word": {
        "ko": "전체적으로 좋아요. '{word}' 한 단어만 원음을 듣고 천천히 두 번 따라 해 보세요.",
        "en": "Good overall. Listen to “{word}” once more and repeat it slowly twice.",
    },
    "practise_slowly": {
        "ko": "'{word}'부터 다시 해 볼까요? 원음을 듣고 한 소리씩 천천히 따라 한 다음, 문장 전체를 말해 보세요.",
        "en": "Shall we start with “{word}”? Listen, repeat it slowly sound by sound, then say the whole line.",
    },
    "well_done": {
        "ko": "아주 좋아요! 이제 배우의 감정과 타이밍까지 그대로 옮겨 보세요.",
        "en": "Very good! Now match the actor's feeling and timing as well.",
    },
}
# A word in quotation marks, where a text lists several.
QUOTED: Final[Texts] = {"ko": "'{word}'", "en": "“{word}”"}
DROPPED_FINAL: Final[Texts] = {
    "ko": "'{word}'의 마지막 /{ipa}/ 소리가 들리지 않았어요. {how}",
    "en": "The /{ipa}/ at the end of “{word}” got lost. {how}",
}
DROPPED: Final[Texts] = {
    "ko": "'{word}'에서 /{ipa}/ 소리가 빠졌어요. {how}",
    "en": "The /{ipa}/ in “{word}” got lost. {how}",
}
UNCLEAR: Final[Texts] = {
    "ko": "'{word}'의 /{ipa}/ 소리가 다르게 들렸어요. {how}",
    "en": "The /{ipa}/ in “{word}” sounded like another sound. {how}",
}

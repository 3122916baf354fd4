"""The texts of tips on single English phones, by language tag. Written for Korean speakers.

Each says what the mouth should do. No Korean particle follows a word or a phone directly where its form would depend
on the last letter (이/가, 은/는).
"""

from typing import Final

from analysis.engine.language_profile import Texts

_LIPS_OPEN: Final[Texts] = {
    "ko": "두 입술을 붙였다가 짧게 터뜨려 주세요.",
    "en": "Close both lips and let them open with a short pop.",
}
_TIP_OPEN: Final[Texts] = {
    "ko": "혀끝을 윗니 뒤 잇몸에 댔다가 짧게 떼어 주세요.",
    "en": "Touch the gum behind the upper teeth with the tongue tip and release it, short and light.",
}
_BACK_OPEN: Final[Texts] = {
    "ko": "혀 뒤쪽을 입천장에 붙였다가 짧게 터뜨려 주세요.",
    "en": "Close the back of the tongue against the palate and release it with a short pop.",
}
_HISS: Final[Texts] = {
    "ko": "혀끝을 잇몸에 가까이 두고 바람 소리를 끝까지 내 주세요.",
    "en": "Keep the tongue tip near the gum and let the air hiss to the very end.",
}
_ROUNDED: Final[Texts] = {
    "ko": "입술을 둥글게 내밀고 바람을 내 주세요.",
    "en": "Push the lips forward and let the air out.",
}
_TEETH_ON_LIP: Final[Texts] = {
    "ko": "윗니를 아랫입술에 대고 바람을 내 주세요.",
    "en": "Rest the upper teeth on the lower lip and blow.",
}
_TONGUE_ON_TEETH: Final[Texts] = {
    "ko": "혀끝을 윗니 끝에 대고 바람을 내 주세요.",
    "en": "Touch the upper teeth with the tongue tip and blow.",
}
ARTICULATION: Final[dict[str, Texts]] = {
    **dict.fromkeys(("P", "B"), _LIPS_OPEN),
    **dict.fromkeys(("T", "D"), _TIP_OPEN),
    **dict.fromkeys(("K", "G"), _BACK_OPEN),
    **dict.fromkeys(("S", "Z"), _HISS),
    **dict.fromkeys(("SH", "ZH", "CH", "JH"), _ROUNDED),
    **dict.fromkeys(("F", "V"), _TEETH_ON_LIP),
    **dict.fromkeys(("TH", "DH"), _TONGUE_ON_TEETH),
    "L": {
        "ko": "혀끝을 윗니 뒤 잇몸에 꾹 댄 채로 소리를 내 주세요.",
        "en": "Rest the tongue tip firmly behind the upper teeth.",
    },
    "R": {
        "ko": "혀끝을 어디에도 대지 말고 뒤로 당겨 주세요.",
        "en": "Pull the tongue back; its tip touches nothing.",
    },
    "M": {
        "ko": "두 입술을 다물고 콧소리를 내 주세요.",
        "en": "Close the lips and hum.",
    },
    "N": {
        "ko": "혀끝을 윗니 뒤 잇몸에 대고 콧소리를 내 주세요.",
        "en": "Put the tongue tip behind the upper teeth and hum.",
    },
    "NG": {
        "ko": "혀 뒤쪽을 입천장에 붙이고 콧소리를 내 주세요.",
        "en": "Raise the back of the tongue to the palate and hum.",
    },
    "HH": {
        "ko": "목에 힘을 빼고 숨을 후 내쉬듯 소리를 내 주세요.",
        "en": "Relax the throat and breathe out.",
    },
    "W": {
        "ko": "입술을 동그랗게 오므렸다가 다음 모음으로 바로 펴 주세요.",
        "en": "Round the lips tightly, then let them open into the vowel.",
    },
    "Y": {
        "ko": "혀를 '이' 소리처럼 높이 올렸다가 다음 모음으로 바로 넘어가 주세요.",
        "en": "Raise the tongue as for “ee” and move straight on to the vowel.",
    },
    "AA": {
        "ko": "입을 크게 벌리고 혀를 낮춰 주세요.",
        "en": "Open the mouth wide and keep the tongue low.",
    },
    "AE": {
        "ko": "턱을 많이 내리고 입을 옆으로 벌려 주세요.",
        "en": "Drop the jaw and spread the lips.",
    },
    "AH": {
        "ko": "턱을 조금만 내리고 힘을 뺀 채 짧게 내 주세요.",
        "en": "Lower the jaw only a little and keep the vowel short and relaxed.",
    },
    "AO": {
        "ko": "입을 크게 벌리고 입술 모양을 그대로 둔 채 내 주세요.",
        "en": "Open the mouth wide and keep the lips still.",
    },
    "AW": {
        "ko": "입을 크게 벌렸다가 입술을 오므리면서 끝내 주세요.",
        "en": "Open the mouth wide, then let the lips close towards “oo”.",
    },
    "AY": {
        "ko": "입을 크게 벌렸다가 '이' 쪽으로 부드럽게 옮겨 주세요.",
        "en": "Open the mouth wide, then glide towards “ee”.",
    },
    "EH": {
        "ko": "턱을 조금만 내리고 '에'처럼 짧게 내 주세요.",
        "en": "Lower the jaw a little and keep the vowel short.",
    },
    "ER": {
        "ko": "입을 조금만 벌리고, 혀끝을 어디에도 대지 않은 채 뒤로 당겨 주세요.",
        "en": "Open the mouth only a little and pull the tongue back; its tip touches nothing.",
    },
    "EY": {
        "ko": "'에'에서 '이'로 부드럽게 옮겨 주세요.",
        "en": "Start with “eh” and glide towards “ee”.",
    },
    "IH": {
        "ko": "힘을 빼고 '이'와 '에'의 중간쯤으로 짧게 내 주세요.",
        "en": "Keep it short and relaxed, halfway to “eh”.",
    },
    "IY": {
        "ko": "웃을 때처럼 입을 옆으로 당기고 길게 내 주세요.",
        "en": "Smile and hold the vowel longer.",
    },
    "OW": {
        "ko": "'오'에서 '우'로 입술을 점점 오므려 주세요.",
        "en": "Let the lips close from “o” towards “oo”.",
    },
    "OY": {
        "ko": "입술을 둥글게 내밀었다가 '이' 쪽으로 펴 주세요.",
        "en": "Start with round lips, then spread them towards “ee”.",
    },
    "UH": {
        "ko": "입술에 힘을 빼고 '으'와 '우' 사이로 짧게 내 주세요.",
        "en": "Keep it short and loose, with the lips only slightly rounded.",
    },
    "UW": {
        "ko": "입술을 동그랗게 내밀고 길게 내 주세요.",
        "en": "Push the lips forward and hold the vowel longer.",
    },
}
ADDED_VOWEL: Final[Texts] = {
    "ko": "'{word}'에 '으' 같은 모음이 들어갔어요. 자음 뒤에서 목소리를 바로 끊고 다음 소리로 넘어가 보세요.",
    "en": "An extra vowel slipped into “{word}”. Stop your voice right after the consonant and go straight on.",
}

_R_L: Final[Texts] = {
    "ko": "'{word}'의 /ɹ/ 소리는 혀끝이 입천장에 닿지 않아요. 입술을 조금 둥글게 하고 혀를 뒤로 당겨 보세요.",
    "en": "For the /ɹ/ in “{word}” the tongue tip touches nothing: round your lips a little and pull the tongue back.",
}
_L_R: Final[Texts] = {
    "ko": "'{word}'의 /l/ 소리는 혀끝을 윗니 뒤 잇몸에 꾹 댄 채로 내 보세요.",
    "en": "For the /l/ in “{word}” press the tongue tip against the gum behind your upper teeth and hold it there.",
}
_F_P: Final[Texts] = {
    "ko": "'{word}'의 /f/ 소리는 윗니를 아랫입술에 살짝 대고 바람을 내보내세요. 두 입술을 붙이면 /p/ 소리가 돼요.",
    "en": "For the /f/ in “{word}” rest the upper teeth on the lower lip and blow; closing both lips makes a /p/.",
}
_V_B: Final[Texts] = {
    "ko": "'{word}'의 /v/ 소리는 윗니를 아랫입술에 대고 떨리게 해 보세요. 두 입술을 붙이면 /b/ 소리가 돼요.",
    "en": "For the /v/ in “{word}” put the upper teeth on the lower lip and let it "
    "buzz; closing both lips makes a /b/.",
}
_P_F: Final[Texts] = {
    "ko": "'{word}'의 /p/ 소리는 두 입술을 꼭 붙였다가 터뜨려 보세요. 이가 입술에 닿지 않아요.",
    "en": "For the /p/ in “{word}” close both lips firmly, then let them pop open; the teeth stay away.",
}
_B_V: Final[Texts] = {
    "ko": "'{word}'의 /b/ 소리는 두 입술을 꼭 붙였다가 떼어 보세요. 이가 입술에 닿으면 /v/ 소리가 돼요.",
    "en": "For the /b/ in “{word}” close both lips, then open them; teeth on the lip would make a /v/.",
}
_TH: Final[Texts] = {
    "ko": "'{word}'의 /θ/ 소리는 혀끝을 윗니와 아랫니 사이로 살짝 내밀고, 목소리 없이 바람만 내보내세요.",
    "en": "For the /θ/ in “{word}” let the tongue tip show between your teeth and blow, without voice.",
}
_DH: Final[Texts] = {
    "ko": "'{word}'의 /ð/ 소리는 혀끝을 이 사이에 살짝 대고 목소리를 울려 보세요. /d/처럼 공기를 막지 마세요.",
    "en": "For the /ð/ in “{word}” touch the teeth with the tongue tip and use your "
    "voice; do not stop the air as in /d/.",
}
_S: Final[Texts] = {
    "ko": "'{word}'의 /s/ 소리는 혀끝을 이 뒤에 두고 내 보세요. 혀가 이 사이로 나오면 /θ/ 소리가 돼요.",
    "en": "For the /s/ in “{word}” keep the tongue tip behind the teeth; between the teeth it becomes /θ/.",
}
_T: Final[Texts] = {
    "ko": "'{word}'의 /t/ 소리는 혀끝으로 윗니 뒤 잇몸을 막았다가 톡 터뜨려 보세요.",
    "en": "For the /t/ in “{word}” stop the air with the tongue tip on the gum "
    "behind the upper teeth, then let it pop.",
}
_D: Final[Texts] = {
    "ko": "'{word}'의 /d/ 소리는 혀끝으로 윗니 뒤 잇몸을 막았다가 목소리와 함께 떼어 보세요.",
    "en": "For the /d/ in “{word}” stop the air with the tongue tip behind the upper teeth, then let go, with voice.",
}
_Z: Final[Texts] = {
    "ko": "'{word}'의 /z/ 소리는 'ㅈ'이 아니에요. /s/ 소리를 내면서 벌이 윙윙거리듯 목을 울려 보세요.",
    "en": "The /z/ in “{word}” is an /s/ with voice, like a bee. The tongue does not touch the roof of the mouth.",
}
_Z_DH: Final[Texts] = {
    "ko": "'{word}'의 /z/ 소리는 혀끝을 이 뒤에 두고 벌처럼 윙 하고 울려 보세요. 혀가 이에 닿지 않아요.",
    "en": "For the /z/ in “{word}” keep the tongue tip behind the teeth, without touching them, and buzz like a bee.",
}
_JH: Final[Texts] = {
    "ko": "'{word}'의 /dʒ/ 소리는 혀를 입천장에 붙였다가 떼면서 내 보세요.",
    "en": "For the /dʒ/ in “{word}” start with the tongue on the roof of the mouth, then release it.",
}
_AE: Final[Texts] = {
    "ko": "'{word}'의 /æ/ 소리는 '에'보다 턱을 더 내리고 입을 옆으로 벌려서 내 보세요.",
    "en": "For the /æ/ in “{word}” drop the jaw further and spread the lips: wider than /ɛ/.",
}
_EH: Final[Texts] = {
    "ko": "'{word}'의 /ɛ/ 소리는 짧은 '에'예요. 턱을 조금만 내리고 짧게 말해 보세요.",
    "en": "The /ɛ/ in “{word}” is short: keep the jaw higher than for /æ/.",
}
_IH: Final[Texts] = {
    "ko": "'{word}'의 /ɪ/ 소리는 힘을 빼고 짧게 내요. '이'와 '에'의 중간쯤으로 말해 보세요.",
    "en": "The /ɪ/ in “{word}” is short and relaxed, halfway to /ɛ/.",
}
_IY: Final[Texts] = {
    "ko": "'{word}'의 /iː/ 소리는 웃을 때처럼 입을 옆으로 당기고 길게 내 보세요.",
    "en": "For the /iː/ in “{word}” smile and hold the vowel longer.",
}
_UH: Final[Texts] = {
    "ko": "'{word}'의 /ʊ/ 소리는 입술에 힘을 빼고 '으'와 '우' 사이로 짧게 내 보세요.",
    "en": "The /ʊ/ in “{word}” is short and loose, with the lips only slightly rounded.",
}
_UW: Final[Texts] = {
    "ko": "'{word}'의 /uː/ 소리는 입술을 동그랗게 내밀고 길게 내 보세요.",
    "en": "For the /uː/ in “{word}” push the lips forward and hold the vowel longer.",
}
_OW: Final[Texts] = {
    "ko": "'{word}'의 /oʊ/ 소리는 '오'에서 '우'로 미끄러져요. 입술을 점점 오므려 보세요.",
    "en": "The /oʊ/ in “{word}” glides: let the lips close from “o” towards “oo”.",
}
_AO: Final[Texts] = {
    "ko": "'{word}'의 /ɔ/ 소리는 입을 크게 벌리고, 입술 모양을 그대로 둔 채 내 보세요.",
    "en": "For the /ɔ/ in “{word}” open the mouth wide and keep the lips still.",
}
_Z_S: Final[Texts] = {
    "ko": "'{word}'의 /z/ 소리는 /s/와 입 모양이 같아요. 손을 목에 대고 떨림이 느껴지게 '즈' 하고 울려 보세요.",
    "en": "The /z/ in “{word}” is an /s/ with the voice on: a hand on your throat should feel it buzz.",
}
_S_SH: Final[Texts] = {
    "ko": "'{word}'의 /s/ 소리는 입술을 내밀지 말고 옆으로 살짝 당겨서, 혀끝 쪽에서 바람을 내 보세요.",
    "en": "For the /s/ in “{word}” keep the lips flat and let the air hiss over the tongue tip.",
}
_SH: Final[Texts] = {
    "ko": "'{word}'의 /ʃ/ 소리는 입술을 둥글게 내밀고 혀를 조금 뒤로 당겨서 '쉬' 하고 바람을 내 보세요.",
    "en": "For the /ʃ/ in “{word}” push the lips forward, draw the tongue back a "
    "little and let the air out as in “hush”.",
}
_AH: Final[Texts] = {
    "ko": "'{word}'의 /ʌ/ 소리는 턱을 조금만 내리고 힘을 뺀 채 짧게 내요. '어'에 가깝게 말해 보세요.",
    "en": "The /ʌ/ in “{word}” is short and relaxed: keep the jaw higher than for /ɑ/.",
}
_ER: Final[Texts] = {
    "ko": "'{word}'의 /ɝ/ 소리는 입을 조금만 벌리고, 혀끝을 어디에도 대지 않은 채 뒤로 당기면서 내 보세요.",
    "en": "For the /ɝ/ in “{word}” open the mouth only a little and pull the tongue back; its tip touches nothing.",
}
_EY: Final[Texts] = {
    "ko": "'{word}'의 /eɪ/ 소리는 '에'에서 '이'로 미끄러져요. 짧게 끊지 말고 끝에서 입을 옆으로 살짝 당겨 보세요.",
    "en": "The /eɪ/ in “{word}” glides: start with “eh” and let the tongue rise towards “ee”.",
}
_AW: Final[Texts] = {
    "ko": "'{word}'의 /aʊ/ 소리는 '아'에서 '우'로 미끄러져요. 입을 크게 벌렸다가 입술을 오므리며 끝내 보세요.",
    "en": "The /aʊ/ in “{word}” glides: open the mouth wide, then let the lips close towards “oo”.",
}
_V_F: Final[Texts] = {
    "ko": "'{word}'의 /v/ 소리는 /f/와 입 모양이 같아요. 손을 목에 대고 떨림이 느껴지게 목소리를 울려 보세요.",
    "en": "The /v/ in “{word}” is an /f/ with the voice on: a hand on your throat should feel it buzz.",
}
_B_P: Final[Texts] = {
    "ko": "'{word}'의 /b/ 소리는 두 입술을 떼면서 바로 목소리를 울려 보세요. /p/처럼 숨을 세게 터뜨리지 마세요.",
    "en": "For the /b/ in “{word}” use your voice as the lips open, without the puff of air of a /p/.",
}
_G_K: Final[Texts] = {
    "ko": "'{word}'의 /ɡ/ 소리는 혀 뒤쪽을 떼면서 바로 목소리를 울려 보세요. /k/처럼 숨을 세게 터뜨리지 마세요.",
    "en": "For the /ɡ/ in “{word}” use your voice as the back of the tongue lets go, without the puff of air of a /k/.",
}
_JH_ZH: Final[Texts] = {
    "ko": "'{word}'의 /dʒ/ 소리는 혀로 입천장을 꽉 막았다가 떼면서 내 보세요. 막지 않으면 /ʒ/ 소리가 돼요.",
    "en": "For the /dʒ/ in “{word}” stop the air with the tongue first, then let go; without the stop it is a /ʒ/.",
}
_JH_CH: Final[Texts] = {
    "ko": "'{word}'의 /dʒ/ 소리는 /tʃ/와 입 모양이 같아요. 숨을 세게 터뜨리지 말고 목소리를 울려 보세요.",
    "en": "The /dʒ/ in “{word}” is a /tʃ/ with the voice on, and without its puff of air.",
}
_DH_T: Final[Texts] = {
    "ko": "'{word}'의 /ð/ 소리는 혀끝을 이 사이에 살짝 대고 목소리를 울려 보세요. /t/처럼 막았다가 터뜨리지 마세요.",
    "en": "For the /ð/ in “{word}” touch the teeth with the tongue tip and use your "
    "voice; do not stop the air as in /t/.",
}

CONFUSIONS: Final[dict[tuple[str, str], Texts]] = {
    **{("R", "L"): _R_L, ("L", "R"): _L_R, ("F", "P"): _F_P, ("P", "F"): _P_F, ("V", "B"): _V_B, ("B", "V"): _B_V},
    **{("TH", "S"): _TH, ("TH", "T"): _TH, ("S", "TH"): _S, ("T", "TH"): _T, ("DH", "D"): _DH, ("D", "DH"): _D},
    **{("DH", "Z"): _DH, ("Z", "DH"): _Z_DH, ("Z", "JH"): _Z, ("JH", "Z"): _JH, ("Z", "S"): _Z_S},
    **{("AE", "EH"): _AE, ("EH", "AE"): _EH, ("IH", "IY"): _IH, ("IY", "IH"): _IY, ("UH", "UW"): _UH},
    **{("UW", "UH"): _UW, ("OW", "AO"): _OW, ("AO", "OW"): _AO},
    **{("S", "SH"): _S_SH, ("SH", "S"): _SH, ("AH", "AA"): _AH, ("ER", "AO"): _ER, ("ER", "AH"): _ER},
    **{("EY", "EH"): _EY, ("AW", "AA"): _AW, ("V", "F"): _V_F, ("B", "P"): _B_P, ("G", "K"): _G_K},
    **{("JH", "ZH"): _JH_ZH, ("JH", "CH"): _JH_CH, ("DH", "T"): _DH_T},
}

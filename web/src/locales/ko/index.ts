import account from './account.json'
import browse from './browse.json'
import common from './common.json'
import mypage from './mypage.json'
import practice from './practice.json'
import result from './result.json'
import scores from './scores.json'
import studio from './studio.json'

export default { ...common, account, browse, mypage, practice, result, scores, studio }

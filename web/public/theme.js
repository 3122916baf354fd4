// Runs before the first paint, so that neither the wrong theme, nor the wrong language, nor the start page at another
// address ever flashes.
var root = document.documentElement
var theme = localStorage.getItem('yousync.theme')
var dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
root.classList.toggle('dark', dark)

var languages = (root.dataset.languages || root.lang).split(' ')
var stored = localStorage.getItem('yousync.language')
root.lang =
  languages.find((code) => code === stored) ||
  languages.find((code) => navigator.language.startsWith(code)) ||
  languages[0]

var isStart = location.pathname === '/' && !location.search && !localStorage.getItem('yousync.signed-in')
root.classList.toggle('is-start', isStart)

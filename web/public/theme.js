// Before the first paint, so that nobody is flashed with the other theme.
var theme = localStorage.getItem('yousync.theme')
var dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
document.documentElement.classList.toggle('dark', dark)

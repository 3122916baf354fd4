// Runs before the first paint, so that the wrong theme never flashes.
var theme = localStorage.getItem('yousync.theme')
var dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
document.documentElement.classList.toggle('dark', dark)

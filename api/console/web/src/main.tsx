import { createRoot } from 'react-dom/client'
import './styles/base.css'
import './styles/parts.css'
import { App } from './app'
import { language } from './language'
import { startTheme } from './theme'

startTheme()
document.documentElement.lang = language()
createRoot(document.getElementById('app') as HTMLElement).render(<App />)

// Without it the pages work as well, as long as there is a network.
addEventListener('load', () => {
  navigator.serviceWorker?.register('/console/offline.js', { scope: '/' }).catch(() => undefined)
})

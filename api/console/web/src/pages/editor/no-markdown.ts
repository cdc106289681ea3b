// Takes the place of the Markdown renderer that GraphiQL would bring: descriptions of the graph are
// other people's text, so whoever still asks for HTML gets the text with every sign of it escaped.
const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export default class NoMarkdown {
  render(text: string): string {
    return String(text).replace(/[&<>"']/g, (sign) => SIGNS[sign] as string)
  }
}

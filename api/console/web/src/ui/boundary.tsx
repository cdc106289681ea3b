// A page that fails shows so, and the rest of the console goes on.
import { Component, type ReactNode } from 'react'
import { text } from '../language'

export class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <div className="narrow" role="alert">
        <h1>{text('Trang gặp lỗi', 'This page failed')}</h1>
        <p>
          {text(
            'Có thể mạng bị ngắt khi đang tải, hoặc bản mới vừa được cài đặt. Bản nháp vẫn còn trên máy này.',
            'The network may have broken off while loading, or a new version was just installed. Drafts are still on this device.',
          )}
        </p>
        <button type="button" className="button primary" onClick={() => location.reload()}>
          {text('Tải lại trang', 'Load the page again')}
        </button>
      </div>
    )
  }
}

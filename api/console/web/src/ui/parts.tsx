// The small parts that every page is made of.
import { useEffect, useId, useRef, useState, type ReactNode, type SVGProps } from 'react'
import { useText } from '../language'

const PATHS = {
  board: 'M4 5h16v14H4zM4 10h16M10 10v9M15 10v9',
  work: 'M9 6h11M9 12h11M9 18h11M4 6l1 1 2-2M4 12l1 1 2-2M4 18l1 1 2-2',
  operations: 'M5 4h9l5 5v11H5zM14 4v5h5M8 13h8M8 16.5h5',
  editor: 'M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14',
  star: 'M12 4l2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.7l5.6-.7z',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  down: 'M6 9l6 6 6-6',
  right: 'M9 6l6 6-6 6',
  warning: 'M12 4l9 16H3zM12 10v4.5M12 17.2v.3',
  offline: 'M4 4l16 16M8.5 15.5a5 5 0 017 0M5 12a10 10 0 014-2.5M2.5 8.5A14 14 0 017 5.7M12 19h.01M15 9.5a10 10 0 014 2.5M11 4.6a14 14 0 0110.5 3.9',
  search: 'M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM20 20l-4.8-4.8',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9a3 3 0 100 6 3 3 0 000-6z',
  sun: 'M12 8a4 4 0 100 8 4 4 0 000-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M20 14.5A8.5 8.5 0 019.5 4a8.5 8.5 0 1010.5 10.5z',
  play: 'M7 5l12 7-12 7z',
  pause: 'M8 5v14M16 5v14',
  stop: 'M6 6h12v12H6z',
  refresh: 'M19.5 12a7.5 7.5 0 11-2.2-5.3M19.5 4v4h-4',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  share: 'M9 12h6M9.5 8H7a4 4 0 000 8h2.5M14.5 8H17a4 4 0 010 8h-2.5',
  plus: 'M12 5v14M5 12h14',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, ...rest }: { name: IconName } & SVGProps<SVGSVGElement>) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" {...rest}>
      <path d={PATHS[name]} />
    </svg>
  )
}

export function Loading() {
  const t = useText()
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 250)
    return () => clearTimeout(timer)
  }, [])
  return (
    <p className="loading" role="status">
      {late ? t('Đang tải…', 'Loading…') : ''}
    </p>
  )
}

export function Notice({ kind = 'plain', children }: { kind?: 'plain' | 'warning' | 'danger' | 'good'; children: ReactNode }) {
  return (
    <div className={`notice ${kind}`} role={kind === 'danger' ? 'alert' : undefined}>
      {children}
    </div>
  )
}

/** A modal dialog of the platform: focus stays in it, Escape closes it, focus returns. */
export function Dialog(props: {
  title: string
  onClose?: () => void
  children: ReactNode
  footer?: ReactNode
  wide?: boolean
}) {
  const t = useText()
  const ref = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const { onClose } = props
  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    const before = document.activeElement
    dialog.showModal()
    return () => {
      dialog.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={ref}
      className={props.wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        onClose?.()
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose?.()
      }}
    >
      <div className="dialog-body">
        <div className="dialog-head">
          <h2 id={heading}>{props.title}</h2>
          {onClose && (
            <button type="button" className="button quiet square" onClick={onClose} aria-label={t('Đóng', 'Close')}>
              <Icon name="close" />
            </button>
          )}
        </div>
        <div className="dialog-content">{props.children}</div>
        {props.footer && <div className="dialog-foot">{props.footer}</div>}
      </div>
    </dialog>
  )
}

/** A label, its control and, where the server or the page refused it, why: said together to a screen reader. */
export function Field(props: {
  label: string
  hint?: string
  errors?: string[]
  children: (attributes: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode
}) {
  const id = useId()
  const errors = props.errors ?? []
  const described = [props.hint ? `${id}-hint` : '', errors.length ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className={errors.length ? 'field at-fault' : 'field'}>
      <label htmlFor={id}>{props.label}</label>
      {props.children({
        id,
        ...(described ? { 'aria-describedby': described } : {}),
        ...(errors.length ? { 'aria-invalid': true as const } : {}),
      })}
      {props.hint && (
        <p className="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {errors.length > 0 && (
        <p className="field-error" id={`${id}-error`} role="alert">
          {errors.join(' ')}
        </p>
      )}
    </div>
  )
}

/** Tabs by the pattern of the ARIA practices: arrows move, the chosen one alone is in the tab order. */
export function Tabs<K extends string>(props: {
  label: string
  tabs: { key: K; label: string }[]
  chosen: K
  onChoose: (key: K) => void
}) {
  const ref = useRef<HTMLDivElement>(null)
  function move(by: number) {
    const at = props.tabs.findIndex((tab) => tab.key === props.chosen)
    const next = props.tabs[(at + by + props.tabs.length) % props.tabs.length]
    if (!next) return
    props.onChoose(next.key)
    ref.current?.querySelector<HTMLElement>(`[data-key="${next.key}"]`)?.focus()
  }
  return (
    <div
      ref={ref}
      className="tabs"
      role="tablist"
      aria-label={props.label}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') move(1)
        if (event.key === 'ArrowLeft') move(-1)
      }}
    >
      {props.tabs.map((tab) => (
        <button
          key={tab.key}
          data-key={tab.key}
          type="button"
          role="tab"
          aria-selected={tab.key === props.chosen}
          tabIndex={tab.key === props.chosen ? 0 : -1}
          onClick={() => props.onChoose(tab.key)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  )
}

/** One of a few: radio buttons that look like one control. */
export function Segmented<K extends string>(props: {
  label: string
  name: string
  options: { key: K; label: string }[]
  chosen: K
  onChoose: (key: K) => void
}) {
  return (
    <fieldset className="segmented">
      <legend>{props.label}</legend>
      <div>
        {props.options.map((option) => (
          <label key={option.key}>
            <input
              type="radio"
              name={props.name}
              checked={option.key === props.chosen}
              onChange={() => props.onChoose(option.key)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** Gives a button that copies and says so. */
export function CopyButton({ value, label }: { value: () => string; label: string }) {
  const t = useText()
  const [done, setDone] = useState<'no' | 'yes' | 'failed'>('no')
  return (
    <button
      type="button"
      className="button"
      onClick={() =>
        navigator.clipboard.writeText(value()).then(
          () => setDone('yes'),
          () => setDone('failed'),
        )
      }
    >
      {label}
      <span role="status" className="copied">
        {done === 'yes' && t(' – đã chép', ' – copied')}
        {done === 'failed' && t(' – trình duyệt không cho chép', ' – the browser does not allow it')}
      </span>
    </button>
  )
}

// A subscription as it runs: the newest first, paused and cleared at will.
import { useEffect, useMemo, useRef, useState } from 'react'
import { useText } from '../../language'
import { run, type Answer, type Request } from '../../net'
import type { Jumps } from '../../result/faults'
import type { Value } from '../../result/flatten'
import { ResultView } from '../../result/view'
import { Icon, Notice } from '../../ui/parts'
import { subscribe } from './live'

const MOST = 500

export interface Live {
  state: 'off' | 'running' | 'ended' | 'away' | 'refused'
  shown: Value[]
  held: number
  paused: boolean
  errors: Answer<Value>['errors']
  start: (request: Request) => void
  stop: () => void
  pause: () => void
  clear: () => void
  empty: () => void
}

export function useLive(): Live {
  const [state, setState] = useState<Live['state']>('off')
  const [shown, setShown] = useState<Value[]>([])
  const [waiting, setWaiting] = useState<Value[]>([])
  const [paused, setPaused] = useState(false)
  const [errors, setErrors] = useState<Answer<Value>['errors']>([])
  const stopping = useRef<(() => void) | null>(null)
  const isPaused = useRef(false)
  isPaused.current = paused

  const [controls] = useState(() => {
    const stop = () => {
      stopping.current?.()
      stopping.current = null
      setState((before) => (before === 'running' ? 'ended' : before))
    }
    return {
      stop,
      start(request: Request) {
        stop()
        setShown([])
        setWaiting([])
        setErrors([])
        setPaused(false)
        setState('running')
        stopping.current = subscribe(request, {
          next(answer) {
            if (answer.errors?.length) setErrors(answer.errors)
            if (!answer.data) return
            const take = isPaused.current ? setWaiting : setShown
            take((before) => [answer.data as Value, ...before].slice(0, MOST))
          },
          failed(why, failed) {
            stopping.current = null
            setErrors(failed ?? [])
            setState(why === 'refused' ? 'refused' : 'away')
            // A socket says nothing about sessions that a page could show: ask as pages ask.
            if (why !== 'refused') void run({ query: '{ __typename }' }).catch(() => undefined)
          },
          ended() {
            stopping.current = null
            setState('ended')
          },
        })
      },
      clear() {
        stop()
        setShown([])
        setWaiting([])
        setState('off')
      },
      empty() {
        setShown([])
        setWaiting([])
      },
    }
  })
  useEffect(() => controls.stop, [controls])

  return {
    state,
    shown,
    held: waiting.length,
    paused,
    errors,
    ...controls,
    pause() {
      if (paused) {
        setShown((before) => [...waiting, ...before].slice(0, MOST))
        setWaiting([])
      }
      setPaused(!paused)
    },
  }
}

export function LiveView({ live, name, jumps }: { live: Live; name: string; jumps: Jumps }) {
  const t = useText()
  const answer = useMemo<Answer<Value>>(() => ({ data: merged(live.shown), errors: live.errors }), [live.shown, live.errors])
  const words = {
    running: live.paused ? t('Tạm dừng hiển thị', 'Paused') : t('Đang theo dõi', 'Live'),
    ended: t('Đã dừng', 'Stopped'),
    away: t('Mất kết nối', 'Connection lost'),
    refused: t('Bị từ chối', 'Refused'),
    off: '',
  }
  return (
    <>
      <div className="buttons live-bar">
        <span role="status" className={live.state === 'running' && !live.paused ? 'tag good' : 'tag warning'}>
          {words[live.state]} · {t(`${live.shown.length} tin`, `${live.shown.length} received`)}
          {live.held > 0 && t(` · ${live.held} đang giữ`, ` · ${live.held} held back`)}
        </span>
        {live.state === 'running' && (
          <>
            <button type="button" className="button" onClick={live.pause}>
              <Icon name={live.paused ? 'play' : 'pause'} /> {live.paused ? t('Tiếp tục', 'Go on') : t('Tạm dừng', 'Pause')}
            </button>
            <button type="button" className="button" onClick={live.stop}>
              <Icon name="stop" /> {t('Dừng hẳn', 'Stop')}
            </button>
          </>
        )}
        <button type="button" className="button" onClick={live.empty} disabled={!live.shown.length && !live.held}>
          {t('Xóa', 'Clear')}
        </button>
      </div>
      {live.state === 'away' && (
        <Notice kind="warning">
          <p>{t('Kết nối bị ngắt. Bấm Chạy để theo dõi tiếp.', 'The connection broke. Run again to go on.')}</p>
        </Notice>
      )}
      {live.shown.length || live.errors?.length ? (
        <ResultView answer={answer} name={name} jumps={jumps} />
      ) : (
        <p className="hint editor-empty">{t('Chưa có tin nào; tin mới sẽ tự hiện.', 'Nothing yet; what comes appears by itself.')}</p>
      )}
    </>
  )
}

/** All that was received as one list per root field, so that it is a table like any other answer. */
function merged(received: Value[]): Value {
  const lists: { [field: string]: Value[] } = {}
  for (const data of received) {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) continue
    for (const [field, value] of Object.entries(data)) (lists[field] ??= []).push(value)
  }
  return lists
}

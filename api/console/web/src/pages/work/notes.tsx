// A note that somebody addressed to my party, and my answer.
import { date } from '../../format'
import { useText } from '../../language'
import { DraftState, draftAbout, useDraftForm, type Doing } from './card'
import { ReasonForm } from './reason-form'
import type { NoteItem } from './queue'

export function NoteCard({ item, doing }: { item: NoteItem; doing: Doing }) {
  const t = useText()
  const about = [
    item.commitment?.activity?.name ?? item.delivery?.commitment?.activity?.name ?? item.need?.activity?.name,
    item.commitment?.place?.name ?? item.delivery?.commune?.name ?? item.need?.commune?.name,
  ]
    .filter(Boolean)
    .join(' · ')
  const row = { id: item.id, version: item.version, title: about }
  const draft = draftAbout(doing.outbox, item.id)
  const form = useDraftForm('done', row, doing.outbox, draft)
  const idle = !draft && !doing.looking && !form.open
  return (
    <article className="card item" aria-label={about}>
      <header>
        <h3>{about}</h3>
        {item.dueOn && (
          <p>
            <span className={item.dueOn < doing.today ? 'tag danger' : 'tag'}>
              {t(`hạn ${date(item.dueOn)}`, `due ${date(item.dueOn)}`)}
            </span>
          </p>
        )}
      </header>
      <blockquote>
        <p>{item.text}</p>
        <small>
          {item.writtenBy?.name} · {date(item.writtenAt)}
        </small>
      </blockquote>
      {draft && <DraftState draft={draft} outbox={doing.outbox} />}
      {idle && item.viewerCan.done && (
        <button type="button" className="button primary" onClick={form.show}>
          {t('Trả lời, hoàn thành…', 'Answer, done…')}
        </button>
      )}
      {form.open && (
        <ReasonForm
          form={form}
          field="answer"
          optional
          reasonLabel={t('Trả lời (có thể để trống)', 'Answer (may be left empty)')}
          send={t('Hoàn thành', 'Done')}
        />
      )}
    </article>
  )
}

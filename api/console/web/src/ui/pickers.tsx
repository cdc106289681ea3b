// Choosing a commune, a party, an activity or a document by its name. A combobox by the pattern of
// the ARIA practices: typing searches on the server, arrows move, Enter takes.
import { useEffect, useId, useRef, useState } from 'react'
import { useText } from '../language'
import { ask } from '../net'
import { Field, Icon } from './parts'

export interface Choice {
  value: string
  label: string
  note?: string
}

type Search = (typed: string, signal: AbortSignal) => Promise<Choice[]>

interface PickerProps {
  label: string
  value: string
  onChange: (value: string, label: string) => void
  errors?: string[]
  hint?: string
}

export function Picker(props: PickerProps & { search: Search; name?: (value: string) => Promise<string | null> }) {
  const t = useText()
  const list = useId()
  const [typed, setTyped] = useState('')
  const [shown, setShown] = useState('')
  const [open, setOpen] = useState(false)
  const [choices, setChoices] = useState<Choice[] | null>(null)
  const [at, setAt] = useState(0)
  const [failed, setFailed] = useState(false)
  const editing = useRef(false)
  const { value, search, name } = props

  // The value may come from elsewhere (a link, a favourite): look its name up.
  useEffect(() => {
    if (editing.current) return
    if (!value) {
      setShown('')
      return
    }
    let gone = false
    name?.(value).then(
      (label) => !gone && setShown(label ?? value),
      () => !gone && setShown(value),
    )
    if (!name) setShown((before) => before || value)
    return () => {
      gone = true
    }
  }, [value, name])

  useEffect(() => {
    if (!open) return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      search(typed.trim(), controller.signal).then(
        (found) => {
          setChoices(found)
          setAt(0)
          setFailed(false)
        },
        () => {
          if (!controller.signal.aborted) setFailed(true)
        },
      )
    }, 180)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [typed, open, search])

  function take(choice: Choice) {
    setShown(choice.label)
    setTyped('')
    setOpen(false)
    editing.current = false
    props.onChange(choice.value, choice.label)
  }

  return (
    <Field label={props.label} errors={props.errors} hint={props.hint}>
      {(attributes) => (
        <div className="picker">
          <input
            {...attributes}
            type="text"
            role="combobox"
            autoComplete="off"
            aria-expanded={open}
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={open && choices?.[at] ? `${list}-${at}` : undefined}
            placeholder={t('Gõ để tìm…', 'Type to search…')}
            value={open ? typed : shown}
            onFocus={() => {
              editing.current = true
              setOpen(true)
            }}
            onBlur={() => {
              editing.current = false
              setOpen(false)
              setTyped('')
            }}
            onChange={(event) => {
              setOpen(true)
              setTyped(event.target.value)
            }}
            onKeyDown={(event) => {
              const count = choices?.length ?? 0
              if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
                event.preventDefault()
                setOpen(true)
                if (count) setAt((at + (event.key === 'ArrowDown' ? 1 : count - 1)) % count)
              } else if (event.key === 'Enter' && open) {
                event.preventDefault()
                const choice = choices?.[at]
                if (choice) take(choice)
              } else if (event.key === 'Escape' && open) {
                event.stopPropagation()
                event.preventDefault()
                setOpen(false)
              }
            }}
          />
          {value && (
            <button
              type="button"
              className="button quiet square clear"
              aria-label={t(`Bỏ chọn: ${props.label}`, `Clear: ${props.label}`)}
              onClick={() => {
                setShown('')
                props.onChange('', '')
              }}
            >
              <Icon name="close" />
            </button>
          )}
          <ul id={list} role="listbox" aria-label={props.label} hidden={!open}>
            {choices?.map((choice, index) => (
              <li
                key={choice.value}
                id={`${list}-${index}`}
                role="option"
                aria-selected={index === at}
                onPointerDown={(event) => {
                  event.preventDefault()
                  take(choice)
                }}
              >
                {choice.label}
                {choice.note && <small>{choice.note}</small>}
              </li>
            ))}
            {choices?.length === 0 && (
              <li role="option" aria-selected={false} aria-disabled="true">
                {t('Không tìm thấy', 'Nothing found')}
              </li>
            )}
            {failed && (
              <li role="option" aria-selected={false} aria-disabled="true">
                {t('Chưa kết nối được', 'No connection')}
              </li>
            )}
          </ul>
        </div>
      )}
    </Field>
  )
}

interface Named {
  id: string
  code: string
  name: string
}

function many(field: string, order: string, extra = ''): Search {
  const query = `query Pick($search: String!) { ${field}(first: 20, filter: { search: $search }, orderBy: ${order}) { nodes { id code name ${extra} } } }`
  const all = `query Pick { ${field}(first: 20, orderBy: ${order}) { nodes { id code name ${extra} } } }`
  return async (typed, signal) => {
    const data = await ask<Record<string, { nodes: Named[] }>>(typed ? query : all, typed ? { search: typed } : {}, signal)
    return (data[field]?.nodes ?? []).map((node) => ({ value: node.id, label: node.name, note: node.code }))
  }
}

async function nameOf(id: string): Promise<string | null> {
  const data = await ask<{ node: { name?: string; reference?: string } | null }>(
    `query Named($id: ID!) { node(id: $id) {
      ... on Commune { name } ... on District { name } ... on Province { name }
      ... on ActivityKind { name } ... on Document { reference } ... on Party { name }
    } }`,
    { id },
  )
  return data.node?.name ?? data.node?.reference ?? null
}

const parties = many('parties', 'NAME')
const places = many('places', 'NAME')
const activities = many('activityKinds', 'NAME')

const communes: Search = async (typed, signal) => {
  const data = await ask<{ places: { nodes: Named[] } }>(
    `query Pick($filter: PlaceFilter) { places(first: 20, filter: $filter, orderBy: NAME) { nodes { id code name } } }`,
    { filter: { level: { eq: 'COMMUNE' }, ...(typed ? { search: typed } : {}) } },
    signal,
  )
  return data.places.nodes.map((node) => ({ value: node.id, label: node.name, note: node.code }))
}

const documents: Search = async (typed, signal) => {
  const data = await ask<{ documents: { nodes: { id: string; reference: string; title: string }[] } }>(
    `query Pick($filter: DocumentFilter) { documents(first: 20, filter: $filter) { nodes { id reference title } } }`,
    { filter: typed ? { search: typed } : {} },
    signal,
  )
  return data.documents.nodes.map((node) => ({ value: node.id, label: node.reference, note: node.title }))
}

export const PartyPicker = (props: PickerProps) => <Picker {...props} search={parties} name={nameOf} />
export const PlacePicker = (props: PickerProps) => <Picker {...props} search={places} name={nameOf} />
export const CommunePicker = (props: PickerProps) => <Picker {...props} search={communes} name={nameOf} />
export const ActivityPicker = (props: PickerProps) => <Picker {...props} search={activities} name={nameOf} />
export const DocumentPicker = (props: PickerProps) => <Picker {...props} search={documents} name={nameOf} />

/** The same lists by their public codes, for operations that take a code. */
function byCode(search: Search): Search {
  return async (typed, signal) =>
    (await search(typed, signal)).map((choice) => ({ ...choice, value: choice.note ?? choice.value }))
}
const partyCodes = byCode(parties)
const placeCodes = byCode(communes)
export const PartyCodePicker = (props: PickerProps) => <Picker {...props} search={partyCodes} />
export const PlaceCodePicker = (props: PickerProps) => <Picker {...props} search={placeCodes} />

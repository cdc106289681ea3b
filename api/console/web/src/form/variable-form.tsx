// The variables of an operation as a form: a control for each type, a picker where an id is meant, and
// what is optional out of the way until it is wanted.
import { useEffect, useState } from 'react'
import './form.css'
import { useLanguage, useText } from '../language'
import type { Value } from '../result/flatten'
import { Field, Icon, Loading } from '../ui/parts'
import { ActivityPicker, CommunePicker, DocumentPicker, PartyCodePicker, PartyPicker, PlaceCodePicker, PlacePicker } from '../ui/pickers'
import { uuid } from '../pages/work/drafts'
import { inputType, labelOf, nameOf, pickerFor, wordsOf, type InputField, type InputType, type TypeRef } from './types'

export interface FormVariable {
  name: string
  type: TypeRef
  hasDefault: boolean
}

/** What was refused, by the path of its variable: `input.reason`. */
export type Refused = Record<string, string[]>

interface Common {
  path: string[]
  label: string
  hint?: string
  value: Value | undefined
  onChange: (value: Value | undefined) => void
  refused: Refused
  operation: string
}

export function VariableForm(props: {
  operation: string
  variables: FormVariable[]
  values: Record<string, Value>
  onChange: (values: Record<string, Value>) => void
  refused: Refused
}) {
  const language = useLanguage()
  return (
    <div className="variables">
      {props.variables.map((variable) => (
        <TypeField
          key={variable.name}
          type={variable.type}
          path={[variable.name]}
          label={VARIABLES[variable.name]?.[language === 'vi' ? 0 : 1] ?? wordsOf(variable.name)}
          value={props.values[variable.name]}
          onChange={(value) => {
            const next = { ...props.values }
            if (value === undefined) delete next[variable.name]
            else next[variable.name] = value
            props.onChange(next)
          }}
          refused={props.refused}
          operation={props.operation}
        />
      ))}
    </div>
  )
}

/** Variables are named by the texts of the operations, which have no descriptions. */
const VARIABLES: Record<string, [string, string]> = {
  input: ['Nội dung', 'What to send'],
  filter: ['Phạm vi', 'Scope'],
  first: ['Số dòng', 'Rows'],
  after: ['Tiếp sau (con trỏ)', 'After (cursor)'],
  inPlace: ['Trong địa bàn', 'In the place'],
  code: ['Mã', 'Code'],
  giverCode: ['Bên cam kết', 'Giver'],
  reference: ['Mã tham chiếu', 'Reference'],
  asOf: ['Tại ngày', 'As of'],
  id: ['Mã đối tượng', 'Id'],
  addressee: ['Gửi đến', 'Addressee'],
  deliveries: ['Các lượt', 'Entries'],
  placeId: ['Địa bàn', 'Place'],
  from: ['Từ ngày', 'From'],
  to: ['Đến ngày', 'To'],
  since: ['Từ ngày', 'Since'],
  until: ['Đến ngày', 'Until'],
  subgraphId: ['Đồ thị con', 'Subgraph'],
  idempotencyKey: ['Khóa chống gửi trùng', 'Idempotency key'],
}

function TypeField(props: Common & { type: TypeRef }) {
  const { type } = props
  if ('list' in type) return <ListField {...props} item={type.list} required={type.required} />
  return <NamedField {...props} name={type.name} required={type.required} />
}

function useInputType(name: string): InputType | null | 'failed' {
  const [type, setType] = useState<InputType | null | 'failed'>(null)
  useEffect(() => {
    let gone = false
    inputType(name).then(
      (found) => !gone && setType(found),
      () => !gone && setType('failed'),
    )
    return () => {
      gone = true
    }
  }, [name])
  return type
}

function NamedField(props: Common & { name: string; required: boolean }) {
  const t = useText()
  const language = useLanguage()
  const type = useInputType(props.name)
  if (type === 'failed') return <p className="field-error">{t('Chưa đọc được kiểu dữ liệu; hãy tải lại trang.', 'The type cannot be read; load the page again.')}</p>
  if (!type) return <Loading />
  const label = props.label + (props.required ? '' : t(' (không bắt buộc)', ' (optional)'))
  if (type.kind === 'INPUT_OBJECT') return <ObjectField {...props} type={type} label={label} />
  if (type.kind === 'ENUM') {
    return (
      <Field label={label} hint={props.hint} errors={props.refused[props.path.join('.')]}>
        {(attributes) => (
          <select
            {...attributes}
            data-path={props.path.join('.')}
            value={typeof props.value === 'string' ? props.value : ''}
            onChange={(event) => props.onChange(event.target.value || undefined)}
          >
            <option value="">{t('– chưa chọn –', '– none –')}</option>
            {type.values.map((value) => (
              <option key={value.name} value={value.name}>
                {labelOf(value.name, value.description, language)}
              </option>
            ))}
          </select>
        )}
      </Field>
    )
  }
  return <ScalarField {...props} scalar={type.name} label={label} />
}

function ScalarField(props: Common & { scalar: string }) {
  const t = useText()
  const { scalar, path, value, onChange, operation } = props
  const errors = props.refused[path.join('.')]
  const text = value === undefined || value === null ? '' : String(value)
  const set = (next: string) => onChange(next === '' ? undefined : next)
  const picked = { label: props.label, hint: props.hint, errors, value: text, onChange: set }
  if (scalar === 'ID') {
    const kind = pickerFor(path)
    if (kind === 'commune') return <CommunePicker {...picked} />
    if (kind === 'place') return <PlacePicker {...picked} />
    if (kind === 'party') return <PartyPicker {...picked} />
    if (kind === 'activity') return <ActivityPicker {...picked} />
    if (kind === 'document') return <DocumentPicker {...picked} />
  }
  if (scalar === 'String' && path.length === 1) {
    if (path[0] === 'giverCode' || (path[0] === 'code' && operation === 'PartyPage')) return <PartyCodePicker {...picked} />
    if (path[0] === 'code' && operation === 'PlacePage') return <PlaceCodePicker {...picked} />
  }
  return (
    <Field label={props.label} hint={props.hint} errors={errors}>
      {(attributes) => {
        const common = { ...attributes, 'data-path': path.join('.') }
        if (scalar === 'Boolean') {
          return (
            <select
              {...common}
              value={value === true ? 'yes' : value === false ? 'no' : ''}
              onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value === 'yes')}
            >
              <option value="">{t('– theo mặc định –', '– default –')}</option>
              <option value="yes">{t('có', 'yes')}</option>
              <option value="no">{t('không', 'no')}</option>
            </select>
          )
        }
        if (scalar === 'Int') {
          return (
            <input
              {...common}
              type="number"
              step={1}
              value={text}
              onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
            />
          )
        }
        if (scalar === 'Date') return <input {...common} type="date" value={text} onChange={(event) => set(event.target.value)} />
        if (scalar === 'Decimal') {
          return <input {...common} type="text" inputMode="decimal" placeholder="0.0" value={text} onChange={(event) => set(event.target.value.replace(',', '.'))} />
        }
        if (scalar === 'UUID') {
          return (
            <span className="with-button">
              <input {...common} type="text" className="mono" value={text} onChange={(event) => set(event.target.value.trim())} />
              <button type="button" className="button" onClick={() => onChange(uuid())}>
                {t('Khóa mới', 'New key')}
              </button>
            </span>
          )
        }
        if (/reason|text|answer|document$|^sdl$/i.test(path.at(-1) ?? '')) {
          return <textarea {...common} rows={3} value={text} onChange={(event) => set(event.target.value)} />
        }
        return <input {...common} type="text" value={text} onChange={(event) => set(event.target.value)} />
      }}
    </Field>
  )
}

function ListField(props: Common & { item: TypeRef; required: boolean }) {
  const t = useText()
  const items = Array.isArray(props.value) ? props.value : []
  const change = (next: Value[]) => props.onChange(next.length || props.required ? next : undefined)
  const errors = props.refused[props.path.join('.')]
  return (
    <fieldset className="group">
      <legend>
        {props.label}
        {!props.required && t(' (không bắt buộc)', ' (optional)')}
      </legend>
      {errors && (
        <p className="field-error" role="alert">
          {errors.join(' ')}
        </p>
      )}
      {items.map((item, index) => (
        <div className="group-item" key={index}>
          <TypeField
            {...props}
            type={props.item}
            path={[...props.path, String(index)]}
            label={`${props.label} ${index + 1}`}
            hint={undefined}
            value={item ?? undefined}
            onChange={(value) => change(items.map((one, at) => (at === index ? (value ?? null) : one)))}
          />
          <button
            type="button"
            className="button quiet square"
            aria-label={t(`Bỏ ${props.label} ${index + 1}`, `Remove ${props.label} ${index + 1}`)}
            onClick={() => change(items.filter((_, at) => at !== index))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <button type="button" className="button" onClick={() => change([...items, isObject(props.item) ? {} : null])}>
        <Icon name="plus" /> {t('Thêm', 'Add')}
      </button>
    </fieldset>
  )
}

const isObject = (type: TypeRef) => /Input$|Filter$|By$/.test(nameOf(type))

function ObjectField(props: Common & { type: InputType; required: boolean }) {
  const t = useText()
  const language = useLanguage()
  const { type } = props
  const value = typeof props.value === 'object' && props.value !== null && !Array.isArray(props.value) ? props.value : {}
  const [added, setAdded] = useState<string[]>([])
  const needed = (field: InputField) => field.type.required && !field.hasDefault
  const shown = type.fields.filter((field) => needed(field) || field.name in value || added.includes(field.name))
  const hidden = type.fields.filter((field) => !shown.includes(field))

  // A key is made with the form: the same form sent twice does nothing twice.
  useEffect(() => {
    if (type.fields.some((field) => field.name === 'idempotencyKey') && value.idempotencyKey === undefined) {
      props.onChange({ ...value, idempotencyKey: uuid() })
    }
    // When the type is known, and not again when the person clears the field.
  }, [type])

  function change(name: string, below: Value | undefined) {
    const next = { ...value }
    if (below === undefined) delete next[name]
    else next[name] = below
    props.onChange(Object.keys(next).length || props.required ? next : undefined)
  }

  return (
    <fieldset className="group">
      <legend>{props.label}</legend>
      <div className="fields">
        {shown.map((field) => (
          <div key={field.name} className={isObject(field.type) || 'list' in field.type ? 'whole' : undefined}>
            <TypeField
              {...props}
              type={field.type}
              path={[...props.path, field.name]}
              label={labelOf(field.name, field.description, language)}
              hint={undefined}
              value={value[field.name]}
              onChange={(below) => change(field.name, below)}
            />
          </div>
        ))}
      </div>
      {hidden.length > 0 && (
        <label className="add-field">
          <span>{t('Thêm mục', 'Add')}</span>
          <select
            value=""
            onChange={(event) => {
              if (event.target.value) setAdded([...added, event.target.value])
            }}
          >
            <option value="">{t('Chọn…', 'Choose…')}</option>
            {hidden.map((field) => (
              <option key={field.name} value={field.name}>
                {labelOf(field.name, field.description, language)}
              </option>
            ))}
          </select>
        </label>
      )}
    </fieldset>
  )
}

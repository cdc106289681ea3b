// The schema to read: types, fields, arguments, and what each is called in Vietnamese.
import { useMemo, useState } from 'react'
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'
import { folded } from '../../format'
import { labelOf } from '../../form/types'
import { useLanguage, useText } from '../../language'

const MOST = 60

export function DocsPanel({ schema }: { schema: GraphQLSchema }) {
  const t = useText()
  const [trail, setTrail] = useState<string[]>([])
  const [typed, setTyped] = useState('')
  const type = trail.length ? schema.getType(trail.at(-1) ?? '') : null
  const open = (name: string) => {
    setTyped('')
    setTrail((before) => [...before, name])
  }
  return (
    <div className="docs">
      <div className="field">
        <label htmlFor="docs-search">{t('Tìm kiểu, trường, thuật ngữ', 'Search types, fields, terms')}</label>
        <input id="docs-search" type="search" value={typed} onChange={(event) => setTyped(event.target.value)} />
      </div>
      {typed.trim().length > 1 ? (
        <Found schema={schema} typed={typed} open={open} />
      ) : type ? (
        <>
          <button type="button" className="link-button" onClick={() => setTrail(trail.slice(0, -1))}>
            ← {trail.at(-2) ?? t('Bắt đầu', 'Beginning')}
          </button>
          <TypeDocs schema={schema} type={type} open={open} />
        </>
      ) : (
        <Roots schema={schema} open={open} />
      )}
    </div>
  )
}

function Roots({ schema, open }: { schema: GraphQLSchema; open: (name: string) => void }) {
  const t = useText()
  const roots: [GraphQLNamedType | null | undefined, string][] = [
    [schema.getQueryType(), t('Tra cứu', 'Queries')],
    [schema.getMutationType(), t('Thay đổi', 'Changes')],
    [schema.getSubscriptionType(), t('Theo dõi trực tiếp', 'Live')],
  ]
  return (
    <ul className="docs-list">
      {roots.map(
        ([type, label]) =>
          type && (
            <li key={type.name}>
              <TypeButton name={type.name} open={open} /> <small>{label}</small>
            </li>
          ),
      )}
    </ul>
  )
}

function TypeButton({ name, text, open }: { name: string; text?: string; open: (name: string) => void }) {
  return (
    <button type="button" className="link-button type-name" onClick={() => open(name)}>
      {text ?? name}
    </button>
  )
}

function Found({ schema, typed, open }: { schema: GraphQLSchema; typed: string; open: (name: string) => void }) {
  const t = useText()
  const found = useMemo(() => {
    const wanted = folded(typed.trim())
    const hits: { type: string; field?: string; description: string }[] = []
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue
      if (folded(`${type.name} ${type.description ?? ''}`).includes(wanted)) hits.push({ type: type.name, description: type.description ?? '' })
      if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) {
          if (folded(`${field.name} ${field.description ?? ''}`).includes(wanted)) {
            hits.push({ type: type.name, field: field.name, description: field.description ?? '' })
          }
        }
      }
    }
    const exact = (hit: (typeof hits)[number]) => (folded(hit.field ?? hit.type).startsWith(wanted) ? 0 : 1)
    return hits.sort((a, b) => exact(a) - exact(b))
  }, [schema, typed])
  return (
    <>
      <p className="hint" role="status">
        {t(`${found.length} kết quả`, `${found.length} results`)}
      </p>
      <ul className="docs-list">
        {found.slice(0, MOST).map((hit) => (
          <li key={`${hit.type}.${hit.field ?? ''}`}>
            <TypeButton name={hit.type} text={hit.field ? `${hit.type}.${hit.field}` : hit.type} open={open} />
            <p>{hit.description}</p>
          </li>
        ))}
      </ul>
    </>
  )
}

function TypeDocs({ schema, type, open }: { schema: GraphQLSchema; type: GraphQLNamedType; open: (name: string) => void }) {
  const t = useText()
  const language = useLanguage()
  const possible = isInterfaceType(type) || isUnionType(type) ? schema.getPossibleTypes(type) : []
  return (
    <>
      <h2>
        <code>{type.name}</code> {language === 'vi' && /\(/.test(type.description ?? '') && <small>{labelOf(type.name, type.description ?? '', 'vi')}</small>}
      </h2>
      <p>{type.description}</p>
      {possible.length > 0 && (
        <p>
          {t('Gồm: ', 'One of: ')}
          {possible.map((one) => (
            <span key={one.name}>
              <TypeButton name={one.name} open={open} />{' '}
            </span>
          ))}
        </p>
      )}
      {(isObjectType(type) || isInterfaceType(type)) && (
        <ul className="docs-list">
          {Object.values(type.getFields()).map((field) => (
            <li key={field.name}>
              <code>{field.name}</code>: <TypeButton name={getNamedType(field.type).name} text={String(field.type)} open={open} />
              <p>{field.description}</p>
              {field.deprecationReason && <Deprecated reason={field.deprecationReason} />}
              {field.args.length > 0 && (
                <ul>
                  {field.args.map((argument) => (
                    <Input key={argument.name} input={argument} open={open} />
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      )}
      {isInputObjectType(type) && (
        <ul className="docs-list">
          {Object.values(type.getFields()).map((field) => (
            <Input key={field.name} input={field} open={open} />
          ))}
        </ul>
      )}
      {isEnumType(type) && (
        <ul className="docs-list">
          {type.getValues().map((value) => (
            <li key={value.name}>
              <code>{value.name}</code>
              <p>{value.description}</p>
              {value.deprecationReason && <Deprecated reason={value.deprecationReason} />}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function Input({ input, open }: { input: GraphQLArgument | GraphQLInputField; open: (name: string) => void }) {
  return (
    <li>
      <code>{input.name}</code>: <TypeButton name={getNamedType(input.type).name} text={String(input.type)} open={open} />
      <p>{input.description}</p>
    </li>
  )
}

function Deprecated({ reason }: { reason: string }) {
  const t = useText()
  return (
    <p>
      <span className="tag warning">{t('Sẽ bỏ', 'Deprecated')}</span> {reason}
    </p>
  )
}

// Building an operation by ticking what one wants to see. Plain nested lists and check boxes, so that
// a keyboard and a screen reader build as well as a mouse.
import { useMemo, useState } from 'react'
import {
  getNamedType,
  isCompositeType,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationTypeNode,
  type SelectionSetNode,
} from 'graphql'
import { folded } from '../../format'
import { labelOf } from '../../form/types'
import { useLanguage, useText } from '../../language'
import { Segmented } from '../../ui/parts'
import { fieldsOf, firstOperation, possibleOf, readDocument, selectionAt, toggleArgument, toggleSelection, type Step } from './explorer-tree'

interface Props {
  schema: GraphQLSchema
  text: string
  onChange: (text: string) => void
}

export function ExplorerPanel({ schema, text, onChange }: Props) {
  const t = useText()
  const document = useMemo(() => readDocument(text), [text])
  const operation = firstOperation(document)
  const [picked, setPicked] = useState<OperationTypeNode | null>(null)
  const [typed, setTyped] = useState('')
  const kind = picked ?? operation?.operation ?? ('query' as OperationTypeNode)
  const root = schema.getRootType(kind)
  const set = operation?.operation === kind ? operation.selectionSet : undefined
  if (text.replace(/#.*$/gm, '').trim() && !document) {
    return <p className="hint">{t('Văn bản đang chưa đúng cú pháp; sửa xong sẽ chọn tiếp được.', 'The text is not valid just now; once it is, you can go on choosing.')}</p>
  }
  return (
    <div className="explorer">
      <Segmented
        label={t('Loại', 'Kind')}
        name="explorer-kind"
        chosen={kind as 'query' | 'mutation' | 'subscription'}
        onChoose={(next) => setPicked(next as OperationTypeNode)}
        options={[
          { key: 'query', label: t('Tra cứu', 'Query') },
          { key: 'mutation', label: t('Thay đổi', 'Change') },
          { key: 'subscription', label: t('Theo dõi', 'Live') },
        ]}
      />
      <div className="field">
        <label htmlFor="explorer-search">{t('Lọc trường', 'Filter fields')}</label>
        <input id="explorer-search" type="search" value={typed} onChange={(event) => setTyped(event.target.value)} />
      </div>
      {root ? (
        <Fields
          {...{ schema, kind, set }}
          type={root}
          path={[]}
          filter={folded(typed.trim())}
          toggle={(path) => onChange(toggleSelection(text, schema, kind, path))}
          toggleArgument={(path, argument) => onChange(toggleArgument(text, schema, kind, path, argument))}
        />
      ) : (
        <p className="hint">{t('Lược đồ không có loại này.', 'The schema has none of this kind.')}</p>
      )}
    </div>
  )
}

interface Branch {
  schema: GraphQLSchema
  kind: OperationTypeNode
  set: SelectionSetNode | undefined
  type: GraphQLNamedType
  path: Step[]
  filter: string
  toggle: (path: Step[]) => void
  toggleArgument: (path: Step[], argument: GraphQLField<unknown, unknown>['args'][number]) => void
}

function Fields(props: Branch) {
  const { schema, type, set, path, filter } = props
  const fields = fieldsOf(type).filter(
    (field) => !filter || selectionAt(set, { field: field.name }) || folded(`${field.name} ${field.description ?? ''}`).includes(filter),
  )
  return (
    <ul className="tree">
      {fields.map((field) => (
        <FieldRow key={field.name} {...props} field={field} />
      ))}
      {possibleOf(schema, type).map((one) => {
        const step = { on: one.name }
        const there = selectionAt(set, step) as InlineFragmentNode | undefined
        return (
          <li key={one.name}>
            <label>
              <input type="checkbox" checked={there !== undefined} onChange={() => props.toggle([...path, step])} />
              <code>… {one.name}</code>
            </label>
            {there && <Fields {...props} filter="" set={there.selectionSet} type={one} path={[...path, step]} />}
          </li>
        )
      })}
    </ul>
  )
}

function FieldRow(props: Branch & { field: GraphQLField<unknown, unknown> }) {
  const language = useLanguage()
  const t = useText()
  const { field, set } = props
  const step = { field: field.name }
  const path = [...props.path, step]
  const there = selectionAt(set, step) as FieldNode | undefined
  const below = getNamedType(field.type)
  const deep = isCompositeType(below)
  return (
    <li>
      <label title={field.description ?? undefined}>
        <input type="checkbox" checked={there !== undefined} onChange={() => props.toggle(path)} />
        <code>{field.name}</code>
        {language === 'vi' && /\(/.test(field.description ?? '') && <small>{labelOf(field.name, field.description ?? '', 'vi')}</small>}
      </label>
      {there && field.args.length > 0 && (
        <ul className="tree arguments" aria-label={t(`Tham số của ${field.name}`, `Arguments of ${field.name}`)}>
          {field.args.map((argument) => (
            <li key={argument.name}>
              <label title={argument.description ?? undefined}>
                <input
                  type="checkbox"
                  checked={there.arguments?.some((one) => one.name.value === argument.name) ?? false}
                  onChange={() => props.toggleArgument(path, argument)}
                />
                <code>{argument.name}:</code> <small>{String(argument.type)}</small>
              </label>
            </li>
          ))}
        </ul>
      )}
      {there && deep && <Fields {...props} filter="" set={there.selectionSet} type={below} path={path} />}
    </li>
  )
}

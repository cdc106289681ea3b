// The shared operations: found by what they are for, filled in as a form, run here.
import { useMemo, useState } from 'react'
import './operations.css'
import { useFavourites } from '../../data/kept'
import { useLoad } from '../../data/use-load'
import { folded } from '../../format'
import { useLanguage, useText } from '../../language'
import { ask } from '../../net'
import { Link, useQuery, useTitle } from '../../router'
import { kindName } from '../../terms'
import { Icon, Loading, Notice, Segmented } from '../../ui/parts'
import { OperationPane } from './pane'

export interface SharedOperation {
  name: string
  kind: 'QUERY' | 'MUTATION' | 'SUBSCRIPTION'
  document: string
  vi: string
  en: string
  variables: { name: string; type: string; defaultValue: string | null }[]
}

const QUERY = `query SharedOperations {
  sharedOperations { name kind document vi: title(language: VI) en: title(language: EN) variables { name type defaultValue } }
}`

type Shown = 'all' | 'favourites' | 'QUERY' | 'MUTATION'

export default function OperationsPage() {
  const t = useText()
  useTitle(t('Thao tác', 'Operations'))
  const load = useLoad((signal) => ask<{ sharedOperations: SharedOperation[] }>(QUERY, {}, signal), [])
  const [query] = useQuery()
  const [favourites, toggle] = useFavourites()
  const name = query.get('op')
  const operations = load.data?.sharedOperations
  const chosen = operations?.find((one) => one.name === name)
  if (!operations) {
    return load.failed ? (
      <Notice kind="warning">
        <p>{load.message && load.failed === 'refused' ? load.message : t('Chưa đọc được danh sách. Sẽ đọc lại khi có mạng.', 'The list cannot be read yet. It will be once there is a network.')}</p>
      </Notice>
    ) : (
      <Loading />
    )
  }
  return (
    <div className={chosen ? 'operations chosen' : 'operations'}>
      <h1>{t('Thao tác dùng chung', 'Shared operations')}</h1>
      <List operations={operations} chosen={chosen?.name ?? null} favourites={favourites} />
      <div className="operation">
        {chosen ? (
          <OperationPane key={chosen.name} operation={chosen} starred={favourites.includes(chosen.name)} onStar={() => toggle(chosen.name)} />
        ) : (
          <p className="hint operation-none">{t('Chọn một thao tác ở danh sách.', 'Choose an operation from the list.')}</p>
        )}
      </div>
    </div>
  )
}

function List({ operations, chosen, favourites }: { operations: SharedOperation[]; chosen: string | null; favourites: string[] }) {
  const t = useText()
  const language = useLanguage()
  const [typed, setTyped] = useState('')
  const [shown, setShown] = useState<Shown>('all')
  const found = useMemo(() => {
    const wanted = folded(typed.trim())
    return operations
      .filter((one) => shown === 'all' || (shown === 'favourites' ? favourites.includes(one.name) : one.kind === shown))
      .filter((one) => !wanted || folded(`${one.vi} ${one.en} ${one.name}`).includes(wanted))
      .sort((a, b) => Number(favourites.includes(b.name)) - Number(favourites.includes(a.name)) || a[language].localeCompare(b[language], language))
  }, [operations, typed, shown, favourites, language])
  return (
    <div className="operation-list">
      <div className="field">
        <label htmlFor="operation-search">{t('Tìm theo việc cần làm', 'Search by what it is for')}</label>
        <input id="operation-search" type="search" value={typed} onChange={(event) => setTyped(event.target.value)} />
      </div>
      <Segmented
        label={t('Loại', 'Kind')}
        name="operation-kind"
        chosen={shown}
        onChoose={setShown}
        options={[
          { key: 'all', label: t('Tất cả', 'All') },
          { key: 'favourites', label: t('Hay dùng', 'Favourites') },
          { key: 'QUERY', label: kindName('QUERY', t) },
          { key: 'MUTATION', label: kindName('MUTATION', t) },
        ]}
      />
      <p className="hint" role="status">
        {t(`${found.length} thao tác`, `${found.length} operations`)}
        {shown === 'favourites' && !found.length && t(': đánh dấu sao ở một thao tác để thấy nó ở đây.', ': put a star on one to see it here.')}
      </p>
      <ul>
        {found.map((one) => (
          <li key={one.name}>
            <Link href={`/console/operations?op=${one.name}`} aria-current={one.name === chosen ? 'true' : undefined}>
              <span>
                {favourites.includes(one.name) && <Icon name="star" className="icon starred" />}
                {one[language]}
              </span>
              <small>
                {kindName(one.kind, t)} · {one.name}
              </small>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}

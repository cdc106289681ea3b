// The operations: those of the product, those shared by all, and the party's own; found by what they
// are for, filled in as a form, run here. An address opens one and runs nothing.
import { useMemo, useState } from 'react'
import './operations.css'
import { useFavourites } from '../../data/kept'
import { savedOperations, type Saved } from '../../data/saved'
import { useLoad } from '../../data/use-load'
import { folded } from '../../format'
import { useLanguage, useText } from '../../language'
import { ask } from '../../net'
import { Link, useQuery, useTitle } from '../../router'
import { useSession } from '../../session'
import { kindName, type OperationKind } from '../../terms'
import { CopyButton, Icon, Loading, Notice, Segmented } from '../../ui/parts'
import { OperationPane, type ShownOperation } from './pane'
import { SavedPane } from './saved-pane'

type ProductOperation = ShownOperation & { name: string }

const QUERY = `query SharedOperations {
  sharedOperations { name kind document vi: title(language: VI) en: title(language: EN) variables { name type defaultValue } }
}`

type Group = 'own' | 'shared' | 'others' | 'product'
const GROUPS: Group[] = ['own', 'shared', 'others', 'product']

interface Entry {
  key: string
  href: string
  group: Group
  kind: OperationKind
  vi: string
  en: string
  note: string
  search: string
  starred: boolean
}

type Shown = 'all' | 'favourites' | 'QUERY' | 'MUTATION'

export default function OperationsPage() {
  const t = useText()
  useTitle(t('Thao tác', 'Operations'))
  const { session } = useSession()
  const load = useLoad((signal) => ask<{ sharedOperations: ProductOperation[] }>(QUERY, {}, signal), [])
  const kept = useLoad(savedOperations, [])
  const [query] = useQuery()
  const [favourites, toggle] = useFavourites()
  const operations = load.data?.sharedOperations
  const own = session.party?.id
  const entries = useMemo(
    () => [...(kept.data ?? []).map((one) => entryOf(one, own)), ...(operations ?? []).map((one) => productEntry(one, favourites))],
    [kept.data, operations, favourites, own],
  )
  const product = operations?.find((one) => one.name === query.get('op'))
  const saved = kept.data?.find((one) => one.id === query.get('saved'))
  if (!operations) {
    return load.failed ? (
      <Notice kind="warning">
        <p>{load.message && load.failed === 'refused' ? load.message : t('Chưa đọc được danh sách. Sẽ đọc lại khi có mạng.', 'The list cannot be read yet. It will be once there is a network.')}</p>
      </Notice>
    ) : (
      <Loading />
    )
  }
  const chosen = saved?.id ?? product?.name ?? null
  const missing = query.get('saved') !== null && !saved && !kept.loading
  return (
    <div className={chosen ? 'operations chosen' : 'operations'}>
      <h1>{t('Thao tác', 'Operations')}</h1>
      <List entries={entries} chosen={chosen} failed={kept.failed === 'refused' ? kept.message : null} />
      <div className="operation">
        {saved ? (
          <SavedPane key={saved.id} saved={saved} again={kept.again} />
        ) : product ? (
          <OperationPane
            key={product.name}
            operation={product}
            starred={favourites.includes(product.name)}
            onStar={() => toggle(product.name)}
            about={
              <div className="buttons">
                <CopyButton value={() => `${location.origin}/console/operations?op=${product.name}`} label={t('Chép liên kết', 'Copy link')} />
              </div>
            }
          />
        ) : (
          <p className="hint operation-none">
            {missing
              ? t('Không có thao tác này, hoặc bạn không được xem.', 'There is no such operation that you may see.')
              : t('Chọn một thao tác ở danh sách.', 'Choose an operation from the list.')}
          </p>
        )}
      </div>
    </div>
  )
}

function entryOf(saved: Saved, own: string | undefined): Entry {
  const { titleVi: vi, titleEn, party } = saved
  const en = titleEn ?? vi
  const group = party?.id === own ? 'own' : saved.shared ? 'shared' : 'others'
  return {
    key: saved.id,
    href: `/console/operations?saved=${saved.id}`,
    group,
    kind: saved.kind,
    vi,
    en,
    note: party?.name ?? '–',
    search: folded(`${vi} ${en} ${saved.descriptionVi ?? ''} ${saved.descriptionEn ?? ''}`),
    starred: saved.favourite,
  }
}

function productEntry(operation: ProductOperation, favourites: string[]): Entry {
  const { name, vi, en } = operation
  return {
    key: name,
    href: `/console/operations?op=${name}`,
    group: 'product',
    kind: operation.kind,
    vi,
    en,
    note: name,
    search: folded(`${vi} ${en} ${name}`),
    starred: favourites.includes(name),
  }
}

function List({ entries, chosen, failed }: { entries: Entry[]; chosen: string | null; failed: string | null }) {
  const t = useText()
  const language = useLanguage()
  const [typed, setTyped] = useState('')
  const [shown, setShown] = useState<Shown>('all')
  const found = useMemo(() => {
    const wanted = folded(typed.trim())
    return entries
      .filter((one) => shown === 'all' || (shown === 'favourites' ? one.starred : one.kind === shown))
      .filter((one) => !wanted || one.search.includes(wanted))
      .sort((a, b) => Number(b.starred) - Number(a.starred) || a[language].localeCompare(b[language], language))
  }, [entries, typed, shown, language])
  const titles: Record<Group, string> = {
    own: t('Của đơn vị', "Your party's"),
    shared: t('Dùng chung', 'Shared by all'),
    others: t('Của các đơn vị khác', "Other parties'"),
    product: t('Có sẵn', 'Built in'),
  }
  const groups = GROUPS.map((group) => ({ group, list: found.filter((one) => one.group === group) })).filter(({ list }) => list.length > 0)
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
      {failed && (
        <Notice kind="warning">
          <p>{failed}</p>
        </Notice>
      )}
      {groups.map(({ group, list }) => (
        <section key={group} aria-labelledby={`group-${group}`}>
          <h2 id={`group-${group}`}>{titles[group]}</h2>
          <ul>
            {list.map((one) => (
              <li key={one.key}>
                <Link href={one.href} aria-current={one.key === chosen ? 'true' : undefined}>
                  <span>
                    {one.starred && <Icon name="star" className="icon starred" />}
                    {one[language]}
                  </span>
                  <small>
                    {kindName(one.kind, t)} · {one.note}
                  </small>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

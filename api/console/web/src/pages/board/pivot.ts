// The board's rows as communes × activities, and how strongly each cell is coloured.
import { share } from '../../format'

export interface Figures {
  promised: string
  reported: string
  confirmed: string
}

export interface BoardCell extends Figures {
  place: { id: string; code: string; name: string }
  ofPredecessor: boolean
  activity: { id: string; code: string; name: string; unit: string }
  need: string | null
  unverified: string
  disputed: string
  difference: string
  uncovered: string | null
  gap: string | null
  givers: ({ giver: { id: string; code: string; name: string } } & Figures)[]
}

export type Measure = 'progress' | 'promised' | 'confirmed' | 'gap'

export interface Board {
  places: { key: string; place: BoardCell['place']; ofPredecessor: boolean }[]
  activities: BoardCell['activity'][]
  cells: Map<string, BoardCell>
}

export const cellKey = (place: string, activity: string) => `${place} ${activity}`
const placeKey = (cell: BoardCell) => cell.place.id

/** Places and activities in the order in which the server names them first; activities by their codes. */
export function pivot(rows: BoardCell[]): Board {
  const places = new Map<string, Board['places'][number]>()
  const activities = new Map<string, BoardCell['activity']>()
  const cells = new Map<string, BoardCell>()
  for (const cell of rows) {
    const key = placeKey(cell)
    if (!places.has(key)) places.set(key, { key, place: cell.place, ofPredecessor: cell.ofPredecessor })
    activities.set(cell.activity.id, cell.activity)
    cells.set(cellKey(key, cell.activity.id), cell)
  }
  return {
    // Today's communes first, then what came before them.
    places: [...places.values()].sort((a, b) => Number(a.ofPredecessor) - Number(b.ofPredecessor)),
    activities: [...activities.values()].sort((a, b) => (a.code < b.code ? -1 : 1)),
    cells,
  }
}

/** The colour of a cell: a step of the scale of what is there, or of what is lacking; null for none. */
export function tone(cell: BoardCell, measure: Measure, most: number): string | null {
  if (measure === 'gap') {
    const lacking = Number(cell.gap ?? 0)
    if (cell.gap === null || lacking <= 0) return cell.gap === null ? null : 'heat-4'
    const part = share(cell.gap, cell.need) ?? 1
    return part > 2 / 3 ? 'lack-3' : part > 1 / 3 ? 'lack-2' : 'lack-1'
  }
  if (measure === 'progress') {
    const part = share(cell.confirmed, cell.promised)
    if (part !== null) return step(part)
    // Nobody promised it: what is confirmed all the same is all there, and an open need is not.
    if (Number(cell.confirmed) > 0) return 'heat-4'
    return Number(cell.reported) > 0 || cell.need !== null ? 'heat-0' : null
  }
  const value = Number(cell[measure])
  return value > 0 && most > 0 ? step(value / most) : null
}

function step(part: number): string {
  if (part >= 1) return 'heat-4'
  if (part >= 2 / 3) return 'heat-3'
  if (part >= 1 / 3) return 'heat-2'
  return part > 0 ? 'heat-1' : 'heat-0'
}

/** The largest value of each activity: quantities are compared within one unit only. */
export function mosts(board: Board, measure: Measure): Map<string, number> {
  const most = new Map<string, number>()
  if (measure === 'promised' || measure === 'confirmed') {
    for (const cell of board.cells.values()) {
      const value = Number(cell[measure])
      most.set(cell.activity.id, Math.max(most.get(cell.activity.id) ?? 0, value))
    }
  }
  return most
}

/** First and last day of a period's code: `2025Q4`, `2025H2`, `2025Y`; null for no such code. */
export function period(code: string): { from: string; to: string } | null {
  const parts = /^(\d{4})(?:(Y)|H([12])|Q([1-4]))$/.exec(code)
  if (!parts) return null
  const [, year, whole, half, quarter] = parts
  const months = whole ? 12 : half ? 6 : 3
  const first = whole ? 1 : half ? (Number(half) - 1) * 6 + 1 : (Number(quarter) - 1) * 3 + 1
  const last = first + months - 1
  const days = new Date(Date.UTC(Number(year), last, 0)).getUTCDate()
  const two = (n: number) => String(n).padStart(2, '0')
  return { from: `${year}-${two(first)}-01`, to: `${year}-${two(last)}-${days}` }
}

// The field's own words for the codes of the graph. A code that is not known is shown as it is.
import type { Text } from './language'

type Words = Record<string, [string, string]>

const word = (words: Words, code: string | null | undefined, t: Text): string => {
  const pair = code ? words[code] : undefined
  return pair ? t(pair[0], pair[1]) : (code ?? '–')
}

const ROLES: Words = {
  VIEWER: ['Người xem', 'Viewer'],
  REPORTER: ['Người nhập liệu', 'Reporter'],
  MANAGER: ['Người quản lý', 'Manager'],
}
export const roleName = (code: string | null | undefined, t: Text) => word(ROLES, code, t)

const HEALTH: Words = {
  OVERDUE: ['Quá hạn', 'Overdue'],
  BEHIND: ['Chậm tiến độ', 'Behind'],
  NOT_STARTED: ['Chưa thực hiện', 'Not started'],
  ON_TRACK: ['Đúng tiến độ', 'On track'],
  AWAITING_VERIFICATION: ['Chờ xác nhận', 'Awaiting verification'],
  FULFILLED: ['Hoàn thành', 'Fulfilled'],
}
export const healthName = (code: string | null | undefined, t: Text) => word(HEALTH, code, t)

const STATES: Words = {
  REPORTED: ['Đã báo cáo', 'Reported'],
  CONFIRMED: ['Đã xác nhận', 'Confirmed'],
  DISPUTED: ['Đang đối soát', 'Disputed'],
  SETTLED: ['Đã thống nhất số liệu', 'Settled'],
  REVERSED: ['Đã đính chính', 'Reversed'],
  PROPOSED: ['Đề xuất', 'Proposed'],
  ACTIVE: ['Có hiệu lực', 'Active'],
  CLOSED: ['Đã kết thúc', 'Closed'],
  DECLINED: ['Bị từ chối', 'Declined'],
  WITHDRAWN: ['Đã rút', 'Withdrawn'],
  OPEN: ['Đang mở', 'Open'],
  DONE: ['Đã hoàn thành', 'Done'],
  MET: ['Đã đáp ứng', 'Met'],
  PENDING: ['Chờ chấp thuận', 'Pending'],
  IN_FORCE: ['Có hiệu lực', 'In force'],
  SUPERSEDED: ['Đã thay thế', 'Superseded'],
}
export const stateName = (code: string | null | undefined, t: Text) => word(STATES, code, t)

export type OperationKind = 'QUERY' | 'MUTATION' | 'SUBSCRIPTION'

const KINDS: Words = {
  QUERY: ['Tra cứu', 'Query'],
  MUTATION: ['Thay đổi', 'Change'],
  SUBSCRIPTION: ['Theo dõi', 'Live'],
}
export const kindName = (code: string | null | undefined, t: Text) => word(KINDS, code, t)

const APPROVALS: Words = {
  SUBGRAPH: ['đồ thị con mới', 'the subgraph itself'],
  URL: ['địa chỉ', 'its address'],
  EXTENDED_TYPE: ['kiểu được mở rộng', 'a type it extends'],
  ROOT_FIELD: ['trường gốc', 'a root field'],
}
export const approvalName = (code: string | null | undefined, t: Text) => word(APPROVALS, code, t)

const REASONS: Words = {
  APPROVED: ['phê duyệt một phiên bản', 'a version was approved'],
  PUBLISHED: ['một bên công bố phiên bản', 'a party published a version'],
  RETIRED: ['ngừng một đồ thị con', 'a subgraph was retired'],
  ROLLED_BACK: ['quay lại bản trước', 'gone back to an earlier one'],
  STARTED: ['máy chủ khởi động với lược đồ mới', 'the server started with a new schema'],
}
export const compositionReason = (code: string | null | undefined, t: Text) => word(REASONS, code, t)

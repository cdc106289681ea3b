// The estimate before a run: quiet while it is small, a warning when it comes near what is given.
import { number } from '../../format'
import { useText } from '../../language'
import type { Estimate } from './cost'

export function CostNotice({ estimate }: { estimate: Estimate | null }) {
  const t = useText()
  if (!estimate) return null
  const most = Math.min(estimate.maximum, estimate.available)
  const kind = estimate.requested > most ? 'danger' : estimate.requested > most / 2 ? 'warning' : 'plain'
  return (
    <p className={`cost ${kind}`} role="status">
      {t(`Dự tính ${number(estimate.requested)} điểm`, `Expected: ${number(estimate.requested)} points`)}
      {t(` trong ${number(estimate.maximum)} cho một lần, còn ${number(estimate.available)}.`, ` of ${number(estimate.maximum)} at once, ${number(estimate.available)} left.`)}
      {kind === 'warning' && t(' Gần đến giới hạn: bớt trường hoặc số dòng.', ' Near the limit: ask for fewer fields or rows.')}
      {kind === 'danger' && t(' Vượt giới hạn: sẽ bị từ chối.', ' Over the limit: it would be refused.')}
    </p>
  )
}

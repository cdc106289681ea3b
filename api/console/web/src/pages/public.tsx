// What the public gets: that this is for members, and where what is public can be had.
import { useText } from '../language'
import { Link, useTitle } from '../router'

export function PublicPage() {
  const t = useText()
  useTitle(t('Dành cho thành viên', 'For members'))
  const back = encodeURIComponent(location.pathname + location.search + location.hash)
  return (
    <div className="narrow">
      <h1>{t('Trang này dành cho thành viên', 'This page is for members')}</h1>
      <p>
        {t(
          'Cam Kết giúp các xã, sở, ban, ngành, doanh nghiệp và tổ chức theo dõi cam kết hỗ trợ chuyển đổi số: ai đã hứa gì, cho xã nào, đã nhận được bao nhiêu. Bảng tổng hợp, việc cần làm và trình soạn truy vấn cần đăng nhập với tư cách thành viên của một đơn vị.',
          'Cam Kết keeps track of what was promised to communes for their digital transformation: who promised what, to which commune, and how much arrived. The board, the work page and the editor need a member of a party to sign in.',
        )}
      </p>
      <p>
        <Link className="button primary" href={`/console/sign-in?to=${back}`}>
          {t('Đăng nhập', 'Sign in')}
        </Link>
      </p>
      <h2>{t('Dữ liệu công khai', 'Public data')}</h2>
      <p>
        {t(
          'Những gì công khai đọc được qua giao diện lập trình (GraphQL) mà không cần tài khoản, tại địa chỉ ',
          'What is public can be read through the programming interface (GraphQL) without an account, at ',
        )}
        <code>{location.origin}/graphql</code>.
      </p>
    </div>
  )
}

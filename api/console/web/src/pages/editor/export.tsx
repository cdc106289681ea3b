// The operation as a program to take home.
import { useState } from 'react'
import { useText } from '../../language'
import { CopyButton, Dialog, Tabs } from '../../ui/parts'
import { curl, python, typescript, type Exported } from './code'

const FORMS = { curl, python, typescript }

export function ExportDialog({ exported, onClose }: { exported: Exported; onClose: () => void }) {
  const t = useText()
  const [form, setForm] = useState<keyof typeof FORMS>('curl')
  const code = FORMS[form](exported)
  return (
    <Dialog
      wide
      title={t('Xuất thành mã', 'Export as code')}
      onClose={onClose}
      footer={<CopyButton value={() => code} label={t('Chép mã', 'Copy the code')} />}
    >
      <Tabs
        label={t('Ngôn ngữ lập trình', 'Programming language')}
        chosen={form}
        onChoose={setForm}
        tabs={[
          { key: 'curl', label: 'curl' },
          { key: 'python', label: 'Python' },
          { key: 'typescript', label: 'TypeScript' },
        ]}
      />
      <pre className="json" tabIndex={0} aria-label={form}>
        {code}
      </pre>
      <p className="hint">
        {t(
          'Mã truy cập lấy từ biến môi trường CAMKET_TOKEN; không ghi mã vào chương trình.',
          'The token comes from the environment variable CAMKET_TOKEN; never write it into a program.',
        )}
      </p>
    </Dialog>
  )
}

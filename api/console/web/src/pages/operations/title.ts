/** The title in the language of the page; the Vietnamese one where there is no other. */
export function titleOf(saved: { titleVi: string; titleEn: string | null }, language: 'vi' | 'en'): string {
  return language === 'en' ? (saved.titleEn ?? saved.titleVi) : saved.titleVi
}

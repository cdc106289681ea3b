import { schemaTerms } from '../../api/console/web/schema-terms.ts'

export default { plugins: [schemaTerms()], test: { include: ['unit/**/*.test.ts'] } }

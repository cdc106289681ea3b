export default { test: { include: ['unit/**/*.test.ts'] } }

// The operation as a program: what an integrator takes home. A token is named, never written in.

export interface Exported {
  url: string
  query: string
  variables: Record<string, unknown>
  operationName: string | null
}

const body = ({ query, variables, operationName }: Exported) => ({
  ...(operationName ? { operationName } : {}),
  query,
  variables,
})

/** A here-document keeps every quote as it is; no line of JSON can be the word that ends it. */
export function curl(exported: Exported): string {
  return [
    `curl -sS ${shell(exported.url)} \\`,
    `  -H "authorization: Bearer $CAMKET_TOKEN" \\`,
    `  -H 'content-type: application/json' \\`,
    `  --data-binary @- <<'END_OF_REQUEST'`,
    JSON.stringify(body(exported), null, 2),
    'END_OF_REQUEST',
    '',
  ].join('\n')
}

const shell = (text: string) => `'${text.replace(/'/g, `'\\''`)}'`

export function python(exported: Exported): string {
  return [
    'import json',
    'import os',
    'import urllib.request',
    '',
    `QUERY = ${pythonText(exported.query)}`,
    '',
    `VARIABLES = json.loads(${JSON.stringify(JSON.stringify(exported.variables))})`,
    '',
    'request = urllib.request.Request(',
    `    ${JSON.stringify(exported.url)},`,
    '    data=json.dumps({',
    ...(exported.operationName ? [`        "operationName": ${JSON.stringify(exported.operationName)},`] : []),
    '        "query": QUERY,',
    '        "variables": VARIABLES,',
    '    }).encode(),',
    '    headers={',
    '        "authorization": f"Bearer {os.environ[\'CAMKET_TOKEN\']}",',
    '        "content-type": "application/json",',
    '    },',
    ')',
    'with urllib.request.urlopen(request, timeout=30) as response:',
    '    answer = json.load(response)',
    'for error in answer.get("errors", []):',
    '    print(error["message"])',
    'print(json.dumps(answer.get("data"), ensure_ascii=False, indent=2))',
    '',
  ].join('\n')
}

function pythonText(text: string): string {
  return /\\|"""/.test(text) ? JSON.stringify(text) : `"""\n${text.trim()}\n"""`
}

export function typescript(exported: Exported): string {
  return [
    `const query = ${templateText(exported.query)}`,
    '',
    `const variables = ${JSON.stringify(exported.variables, null, 2)}`,
    '',
    `const response = await fetch(${JSON.stringify(exported.url)}, {`,
    `  method: 'POST',`,
    '  headers: {',
    '    authorization: `Bearer ${process.env.CAMKET_TOKEN}`,',
    `    'content-type': 'application/json',`,
    '  },',
    `  body: JSON.stringify({ ${exported.operationName ? `operationName: ${JSON.stringify(exported.operationName)}, ` : ''}query, variables }),`,
    '})',
    'const answer = await response.json()',
    'for (const error of answer.errors ?? []) console.error(error.message)',
    'console.log(answer.data)',
    '',
  ].join('\n')
}

function templateText(text: string): string {
  return '`\n' + text.trim().replace(/\\/g, '\\\\').replace(/`/g, '\\`').replace(/\$\{/g, '\\${') + '\n`'
}

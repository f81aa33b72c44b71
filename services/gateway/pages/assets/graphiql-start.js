// Starts GraphiQL on our own copies of everything it needs. In the demo it signs in as a demo program first, so that the first query runs;
// elsewhere the token goes into the box for headers.
const { demo, from, to } = document.querySelector('#root').dataset
const workers = { editorWorkerService: 'editor', json: 'json', graphql: 'graphql' }
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => `/graphiql/${workers[label]}.worker.js` }

async function demoToken() {
  const program = new URLSearchParams(location.search).get('as') ?? 'demo-bureau'
  const response = await fetch('/oidc/token', {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${program}:demo`)}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  })
  return response.ok ? (await response.json()).access_token : ''
}

const token = demo === 'true' ? await demoToken().catch(() => '') : ''
YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
  title: 'Wufei GraphiQL',
  endpoint: '/graphql',
  headers: JSON.stringify({ authorization: `Bearer ${token}` }, null, 2),
  shouldPersistHeaders: false,
  defaultQuery: `# 五横五纵总账 · the five by five ledger
{
  ledger(from: "${from}", to: "${to}") {
    trialBalance
    position
    cells { stage stream opening in out adjusted closing }
  }
}
`,
})

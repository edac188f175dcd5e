/** How the page of the topics looks, by day and by night. */
export const pageStyle = `
:root { color-scheme: light dark; --text: #1c2128; --soft: #57606a; --back: #ffffff; --panel: #f6f8fa; --line: #d0d7de; --link: #0a58ca; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --soft: #a6b0bb; --back: #0d1117; --panel: #161b22; --line: #3d444d; --link: #79b8ff; }
}
body { margin: 0 auto; max-width: 72rem; padding: 1rem 1.5rem 4rem; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
a { color: var(--link); }
h1, h2, h3, h4 { line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); }
section section { margin: 1.5rem 0; padding: 0.25rem 1rem 1rem; border: 1px solid var(--line); border-radius: 0.5rem; }
code, pre { font: 0.875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { padding: 0.75rem; background: var(--panel); border: 1px solid var(--line); border-radius: 0.375rem; white-space: pre-wrap; }
table { width: 100%; border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; color: var(--soft); }
th, td { padding: 0.375rem 0.5rem; border-top: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
@media (min-width: 40rem) {
  th[scope='row'] { min-width: 6rem; width: 20%; }
  th[scope='col'] { overflow-wrap: normal; }
}
dt { color: var(--soft); }
dd { margin: 0 0 0.5rem; }
`;

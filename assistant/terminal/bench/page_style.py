"""The style of a run's page, on light and dark screens and on paper. Only CSS."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1a1a1a; --dim: #5c5c5c; --rule: #c8c8c8;
  --right: 20, 120, 60; --other: 190, 60, 20;
  --e0: #0b63b0; --e1: #c2550a; --e2: #1c7c4a; --e3: #8a3ca8; --e4: #9a7400; --e5: #b0245c;
  --e6: #4a5a6a; --e7: #00818a; --k0: #1c7c4a; --k1: #c2550a; --k2: #7a7a8c; }
@media (prefers-color-scheme: dark) { :root { --paper: #14161a; --ink: #e8e8e8; --dim: #a8a8a8; --rule: #484c52;
  --right: 60, 170, 100; --other: 230, 110, 60;
  --e0: #6cb6ff; --e1: #ff9d5c; --e2: #62cf93; --e3: #d59bf0; --e4: #e2bd47; --e5: #ff86b3;
  --e6: #b4c2d0; --e7: #57d0d8; --k0: #62cf93; --k1: #ff9d5c; --k2: #a5a5b8; } }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; border-top: 2px solid var(--rule);
  padding-top: 1rem; }
code { overflow-wrap: anywhere; } .note, figcaption { color: var(--dim); } figcaption b { color: var(--ink); }
.bad { color: rgb(var(--other)); font-weight: 600; }
figure { margin: 1.5rem 0; } svg { width: 100%; height: auto; max-width: 46rem; }
summary { cursor: pointer; font-weight: 600; margin: .8rem 0 .3rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .87rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem .7rem .2rem 0; border-bottom: 1px solid var(--rule); }
th { font-weight: 600; } .counts td, .counts th { white-space: nowrap; } .errors td { overflow-wrap: anywhere; }
.matrix th, .matrix td { padding: .1rem .35rem; font-size: .75rem; }
.matrix td { text-align: center; min-width: 1.1rem; }
.matrix .turned { vertical-align: bottom; } .turned span { writing-mode: vertical-rl; transform: rotate(180deg); }
.matrix .right { background: rgba(var(--right), .3); }
.matrix .other { background: color-mix(in srgb, rgb(var(--other)) max(20%, var(--share)), var(--paper)); }
@media print { :root { color-scheme: light; --paper: #ffffff; --ink: #000000; --dim: #444444; --rule: #bbbbbb;
  --right: 20, 120, 60; --other: 190, 60, 20;
  --e0: #0b63b0; --e1: #c2550a; --e2: #1c7c4a; --e3: #8a3ca8; --e4: #9a7400; --e5: #b0245c;
  --e6: #4a5a6a; --e7: #00818a; --k0: #1c7c4a; --k1: #c2550a; --k2: #7a7a8c; }
  body { margin: 0; max-width: none; font-size: 11px; } figure, tr { break-inside: avoid; }
  .wide { overflow: visible; } .matrix th, .matrix td { padding: 0 .15rem; font-size: 6.5px; min-width: 0; }
  details:not([open]) { display: none; } }
"""

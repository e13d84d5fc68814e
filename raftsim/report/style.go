package report

// style is that of the page: light and dark, on a phone and on paper. What a colour says
// is also said by words, a sign, or the form of an outline.
const style = `
:root{color-scheme:light dark;--bg:#fff;--ink:#1b1f24;--soft:#59636f;--line:#dde2e8;--faint:#eef1f4;--ok:#18794e;--bad:#c1121f;--open:#8a6100;
--leader:#f0b429;--leaderink:#3a2a00;--follow:#9fb3c8;--candidate:#d9c2f5;--candidateink:#3d1f6b;--down:#cfd4da;--downink:#3b424b;
--bar:#cfe3fb;--edge:#2f6db5;--no:#e4e8ee;--noedge:#667080;--unk:#f6e8c3;--unkedge:#8a6100;--band:#7a4fbf1f;--bandink:#5d35a0;
--votes:#7a2fc0;--entries:#1f6fc4;--replies:#8fb4dc;--beats:#c3cad3;--reads:#18794e;--snapshots:#a0522d;--forwards:#b0437f;--lost:#c1121f}
@media(prefers-color-scheme:dark){:root{--bg:#12161c;--ink:#e6eaf0;--soft:#9aa5b4;--line:#2a323d;--faint:#1b2129;--ok:#4cc38a;--bad:#ff6b70;--open:#e0b64f;
--leader:#d9a21b;--leaderink:#1a1200;--follow:#5b7085;--candidate:#4a2f78;--candidateink:#e6d8ff;--down:#3a424d;--downink:#d5dbe3;
--bar:#1d3a5c;--edge:#6fa8e8;--no:#2a313b;--noedge:#98a3b3;--unk:#41351a;--unkedge:#e0b64f;--band:#a682ff2b;--bandink:#c7b2ff;
--votes:#c79bff;--entries:#6cb0ff;--replies:#3f6a98;--beats:#3d4652;--reads:#4cc38a;--snapshots:#d99a6c;--forwards:#ef8fc0;--lost:#ff6b70}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.25rem;max-width:1090px;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.4rem;margin:0 0 .5rem;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:2rem 0 .5rem}h3{font-size:.95rem;margin:1rem 0 .25rem;overflow-wrap:anywhere}
p{margin:.4rem 0;max-width:80ch;overflow-wrap:anywhere}.soft{color:var(--soft)}
.chip{display:inline-block;padding:.1rem .8rem;border:2px solid;border-radius:1rem;font-weight:600}
.linearizable{color:var(--ok)}.violation{color:var(--bad)}.undecided{color:var(--open)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.75rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
ul{margin:.4rem 0;padding-left:1.2rem}li{overflow-wrap:anywhere}
code,pre{font:13px/1.45 ui-monospace,Menlo,Consolas,monospace}
pre{padding:.75rem;border:1px solid var(--line);border-radius:6px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.yes::before{content:"✓ ";color:var(--ok)}.no::before{content:"✗ ";color:var(--bad)}
.strips{overflow-x:auto;border:1px solid var(--line);border-radius:6px;margin:.5rem 0}
.strip{display:flex;width:max-content;border-bottom:1px solid var(--line)}.strip:last-child{border:0}
.gap{padding:.1rem .75rem;margin:0;max-width:none;font-size:13px;color:var(--soft);border-bottom:1px solid var(--line)}
.names{position:sticky;left:0;background:var(--bg);border-right:1px solid var(--line);flex:none}
svg{display:block;font:11px ui-monospace,Menlo,Consolas,monospace}svg text{fill:var(--ink)}
.lane{stroke:var(--line)}.tick{stroke:var(--faint)}svg .time{fill:var(--soft);font-size:10px}
.band{fill:var(--band)}.moment{stroke:var(--bandink);stroke-dasharray:4 3}svg .fault{fill:var(--bandink)}
.s0{fill:var(--follow)}.s1,.s2{fill:var(--candidate);stroke:var(--candidateink);stroke-dasharray:3 2}.s3{fill:var(--leader)}
.s4,.s5,.s6,.s7{fill:var(--down);stroke:var(--downink);stroke-dasharray:2 3}
svg .t0{fill:var(--soft);font-size:10px}svg .t0,svg .t1,svg .t2,svg .t3{paint-order:stroke;stroke-width:3;stroke:var(--bg)}svg .t3{stroke:var(--leader)}svg .t1,svg .t2{stroke:var(--candidate)}svg .t1,svg .t2{fill:var(--candidateink)}svg .t3{fill:var(--leaderink)}svg .t4,svg .t5,svg .t6,svg .t7{fill:var(--downink)}
svg .sign{font-size:14px;text-anchor:middle;fill:var(--bad);stroke:var(--bg);stroke-width:3;paint-order:stroke;font-weight:700}
path{fill:none;stroke-width:10}.votes{stroke:var(--votes);stroke-width:16}.entries{stroke:var(--entries);stroke-width:12}.replies{stroke:var(--replies);stroke-width:8}
.beats{stroke:var(--beats);stroke-width:8}.reads{stroke:var(--reads)}.snapshots{stroke:var(--snapshots);stroke-width:20}.forwards{stroke:var(--forwards)}.lost{stroke:var(--lost);stroke-width:14}
.answered{fill:var(--bar);stroke:var(--edge)}.failed{fill:var(--no);stroke:var(--noedge)}.refused{fill:none;stroke:var(--noedge);stroke-dasharray:1 3}
.unknown{fill:var(--unk);stroke:var(--unkedge);stroke-dasharray:4 3}rect.conflict{stroke:var(--bad);stroke-width:2.5;stroke-dasharray:none}circle{fill:var(--ink)}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.5rem 0;color:var(--soft);font-size:13px}.legend span{display:inline-flex;align-items:center;gap:.35rem}
.key{width:26px;height:12px;flex:none}
table{border-collapse:collapse;font-size:13px}td{padding:.05rem .6rem .05rem 0;vertical-align:top;overflow-wrap:anywhere}td:first-child{color:var(--soft);white-space:nowrap;font-variant-numeric:tabular-nums}
.steps td:first-child{color:inherit;white-space:normal;max-width:34rem}.steps td+td{color:var(--soft)}
@media(max-width:640px){.steps,.steps tbody,.steps tr,.steps td{display:block}.steps td+td{padding:0 0 .35rem 1rem}}
tr.fault td+td{color:var(--bandink)}tr.election td+td{font-weight:600}tr.said td+td{font-style:italic}tr.open td+td{color:var(--open)}tr.bad td+td{color:var(--bad);font-weight:600}
@media print{:root{color-scheme:light;--bg:#fff;--ink:#000;--soft:#444;--line:#bbb;--faint:#eee;--bandink:#5d35a0;--leader:#f0b429;--leaderink:#3a2a00;--follow:#9fb3c8;--candidate:#d9c2f5;
--candidateink:#3d1f6b;--down:#cfd4da;--downink:#3b424b;--bar:#cfe3fb;--edge:#2f6db5;--no:#e4e8ee;--noedge:#667080;--unk:#f6e8c3;--unkedge:#8a6100;--band:#7a4fbf1f;--ok:#18794e;--bad:#c1121f;--open:#8a6100;
--votes:#7a2fc0;--entries:#1f6fc4;--replies:#8fb4dc;--beats:#c3cad3;--reads:#18794e;--snapshots:#a0522d;--forwards:#b0437f;--lost:#c1121f}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{padding:0;max-width:none;font-size:10pt}.strips{overflow:visible;border:0}
.strip{width:100%;break-inside:avoid}.names{position:static;width:6.25%;height:auto;border:0}.lanes{width:93.75%;height:auto}h2,h3{break-after:avoid}tr{break-inside:avoid}}
`

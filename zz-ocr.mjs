import { readFileSync, readdirSync } from 'node:fs';
import { readInProcess } from './lambdas/contexts/dispense/automations/analysis/embedded/reader-process.ts';
const dir='/work/shared/cases/prescriptions/ocr/';
const truth=JSON.parse(readFileSync(dir+'truth.json'));
let all=0, wrongAt={};
for (const f of readdirSync(dir).filter(f=>!f.endsWith('json'))) {
  const t=performance.now();
  const a = await readInProcess({contentType: f.endsWith('png')?'image/png':'image/jpeg', bytes: readFileSync(dir+f)}, {readersFolder:process.env.R??'/tmp/c15size/new/prescription-analyzer/readers', timeoutMs: 40000});
  const lines=(a.document?.pages[0]??[]).map(l=>({t:l.words.map(w=>w.text).join(' '), c:Math.min(...l.words.map(w=>w.confidence))}));
  let ok=0; const bad=[];
  for (const [n,s,form,q] of truth) { const l=lines.find(l=>l.t.includes(n+' '+s)&&l.t.includes(String(q))); if(l) ok++; else { const near=lines.find(l=>l.t.includes(n)||l.t.includes(form+' '+q)||l.t.includes(s)); bad.push(n+': '+(near?`${near.c.toFixed(2)} ${near.t}`:'-')); } }
  all+=ok; console.log(f.padEnd(18), ok+'/8', Math.round(performance.now()-t)+'ms', process.env.V?'\n   '+bad.join('\n   '):'');
}
console.log('total', all, '/', 128);

import { readFileSync, readdirSync } from 'node:fs';
import { readInProcess } from './lambdas/contexts/dispense/automations/analysis/embedded/reader-process.ts';
const types = {pdf:'application/pdf',png:'image/png',jpg:'image/jpeg'};
const status=(pid)=>{try{return readFileSync(`/proc/${pid}/status`,'utf8')}catch{return ''}};
const kb=(s,k)=>Number(new RegExp(k+':\\s+(\\d+)').exec(s)?.[1]??0);
const children=()=>{try{return readFileSync(`/proc/self/task/${process.pid}/children`,'utf8').trim().split(' ').filter(Boolean)}catch{return[]}};
for (const f of process.argv.slice(2)) {
  let hwm=0, tree=0;
  const timer=setInterval(()=>{ const own=process.memoryUsage.rss()/1024; let sum=own; for(const c of children()){const s=status(c); hwm=Math.max(hwm,kb(s,'VmHWM')); sum+=kb(s,'VmRSS');} tree=Math.max(tree,sum)},2);
  const t=performance.now();
  const a = await readInProcess({contentType: types[f.split('.').at(-1)], bytes: readFileSync(f)}, {readersFolder:'/tmp/c15size/new/prescription-analyzer/readers', timeoutMs: 40000}).catch(e=>({kind:String(e)}));
  clearInterval(timer);
  console.log(f.split('/').at(-1).padEnd(40), a.kind, a.because ?? '', (performance.now()-t).toFixed(0)+' ms', 'child HWM', (hwm/1024).toFixed(0),'MB  tree', (tree/1024).toFixed(0),'MB');
}

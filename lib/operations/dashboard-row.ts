import { GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';

const columns = 24;
const graphHeight = 6;
/** Graphs side by side, at most: narrower ones have no room for their legend. */
const graphsAbreast = 4;

/** What goes into a row, before it is known how wide. */
export type Sized = (width: number) => IWidget;

/** Lines of a dashboard: a question, a sentence on what answers it, and the widgets that do, in even widths. */
export function row(question: string, answers: string, widgets: readonly Sized[]): IWidget[][] {
  const title = new TextWidget({ markdown: `## ${question}\n${answers}`, width: columns, height: 2 });
  const lines: IWidget[][] = [[title]];
  for (let from = 0; from < widgets.length; from += graphsAbreast) {
    const abreast = widgets.slice(from, from + graphsAbreast);
    lines.push(abreast.map((widget) => widget(columns / abreast.length)));
  }
  return lines;
}

/** A graph of metrics that share a unit, from zero up. */
export function graph(title: string, metrics: readonly IMetric[]): Sized {
  return (width) =>
    new GraphWidget({ title, left: [...metrics], leftYAxis: { min: 0 }, width, height: graphHeight });
}

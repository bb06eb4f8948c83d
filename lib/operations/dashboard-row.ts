import { GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';

const columns = 24;
const graphHeight = 6;
/** Maximum graphs in a line: narrower ones have no room for their legend. */
const graphsPerLine = 4;

/** Creates a widget of the given width, in columns of the dashboard. */
export type Sized = (width: number) => IWidget;

/** Lines of a dashboard: a question, an explanation, and widgets of equal width. */
export function row(question: string, explanation: string, widgets: readonly Sized[]): IWidget[][] {
  const title = new TextWidget({ markdown: `## ${question}\n${explanation}`, width: columns, height: 2 });
  const lines: IWidget[][] = [[title]];
  for (let from = 0; from < widgets.length; from += graphsPerLine) {
    const line = widgets.slice(from, from + graphsPerLine);
    lines.push(line.map((widget) => widget(columns / line.length)));
  }
  return lines;
}

/** A graph of metrics that share a unit. Its axis begins at zero. */
export function graph(title: string, metrics: readonly IMetric[]): Sized {
  return (width) =>
    new GraphWidget({ title, left: [...metrics], leftYAxis: { min: 0 }, width, height: graphHeight });
}

// Query plans as text that people can read and that differs only where the plan does.

/** A plan, line by line: what is asked of whom, one after the other or at once. */
export function written({ node }) {
  return node ? lines(node).join('\n') : 'nothing is asked';
}

function lines(node, at = '') {
  const within = (nodes) => nodes.flatMap((one) => lines(one)).map((line) => `  ${line}`);
  switch (node.kind) {
    case 'Sequence':
      return ['one after the other', ...within(node.nodes)];
    case 'Parallel':
      return ['at once', ...within(node.nodes).sort()];
    case 'Flatten':
      return lines(node.node, ` for each ${path(node.path)}`);
    case 'BatchFetch': {
      const all = node.entityBatch.aliases.flatMap(({ alias, paths, requires }) =>
        paths.map((one) => `${alias} for each ${path(one)} by ${selected(requires)}`),
      );
      return fetch(node, `, ${all.sort().join(', ')}`);
    }
    case 'Subscription':
      return ['for each event', ...within([node.primary])];
    case undefined:
    case 'Fetch':
      return fetch(node, node.requires ? `${at} by ${selected(node.requires)}` : at);
    default:
      throw new Error(`a plan has a ${node.kind}`);
  }
}

function fetch({ serviceName, operation }, of) {
  return [`${serviceName}${of}: ${operation.trim().replaceAll(/\s*\n\s*/g, ' ')}`];
}

function path(steps) {
  return steps.map(step).join('.');
}

function step(one) {
  return typeof one === 'string' ? one : Object.values(one).flat().join('|');
}

function selected(selections) {
  const texts = selections.map(({ kind, name, typeCondition, selections: below = [] }) => {
    const inside = below.length > 0 ? `{${selected(below)}}` : '';
    return kind === 'InlineFragment' ? `${typeCondition}${inside}` : `${name}${inside}`;
  });
  return texts.sort().join(' ');
}

/** Which syntax changes what a name stands for, without assigning the name. */
import type { AnyNode, CallExpression, NewExpression } from 'acorn';

const changingMethods = /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/;
/** These give what the object holds, not a copy of it. */
const readingMethods = /^(get|at|find|findLast)$/;
const changingFunctions = /^(Object|Reflect)\.(assign|defineProperty|defineProperties|setPrototypeOf|set|deleteProperty)$/;

/** `list.push`, `map.set`, … */
export function isChangingMethod(property: AnyNode): boolean {
  return property.type === 'Identifier' && changingMethods.test(property.name);
}

/** The argument that a call changes: the first one of `Object.assign` and its like. */
export function changedArgument({ callee, arguments: [first] }: CallExpression | NewExpression): AnyNode | undefined {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || callee.property.type !== 'Identifier') return undefined;
  return changingFunctions.test(`${callee.object.name}.${callee.property.name}`) ? first : undefined;
}

/** Where a value is read from: the `a` of `a.b[0]`, of `a.get(key)` and of `a.b ?? {}`. */
export function baseOf(node: AnyNode): AnyNode {
  for (let at = node; ; ) {
    if (at.type === 'MemberExpression') at = at.object;
    else if (at.type === 'LogicalExpression') at = at.left;
    else if (at.type === 'ParenthesizedExpression' || at.type === 'ChainExpression') at = at.expression;
    else if (at.type === 'CallExpression' && isReading(at.callee)) at = (at.callee as AnyNode & { type: 'MemberExpression' }).object;
    else return at;
  }
}

function isReading(callee: AnyNode): boolean {
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && readingMethods.test(callee.property.name);
}

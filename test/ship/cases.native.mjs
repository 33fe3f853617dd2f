// What must travel and what is refused, in plain JavaScript that Node itself loads. `run(fn, ...args)` runs a function in a worker.
// One file a theme, each with its own copy of what its functions capture: a captured import would travel otherwise.
import { cases as advice } from './advice.native.mjs';
import { cases as classes } from './classes.native.mjs';
import { cases as constants } from './constants.native.mjs';
import { cases as data } from './data.native.mjs';
import { cases as decorators } from './decorators.native.mjs';
import { cases as errors } from './errors.native.mjs';
import { cases as functions } from './functions.native.mjs';
import { cases as instances } from './instances.native.mjs';
import { cases as kept } from './kept.native.mjs';
import { cases as language } from './language.native.mjs';
import { cases as memory } from './memory.native.mjs';
import { cases as methods } from './methods.native.mjs';
import { cases as modules } from './modules.native.mjs';
import { cases as privates } from './privates.native.mjs';
import { cases as refusals } from './refusals.native.mjs';
import { cases as scopes } from './scopes.native.mjs';
import { cases as superMethods } from './super.native.mjs';

export const themes = {
  functions,
  methods,
  classes,
  instances,
  privates,
  super: superMethods,
  scopes,
  constants,
  modules,
  language,
  decorators,
  data,
  memory,
  kept,
  errors,
  refusals,
  advice,
};

// biome-ignore-all lint: odd code is what these templates are about
// The functions and classes of a random graph. Each maker gives something that captures `a` and `b`, which are bound later, so that cycles close.

/** By name: functions, called with a probe. */
export const functions = {
  arrow() {
    let a, b;
    return { value: (probe) => [probe, a, b], bind: (x, y) => ([a, b] = [x, y]) };
  },
  nestedArrow() {
    let a, b;
    const inner = (probe) => ({ probe, a });
    return { value: (probe) => [inner(probe), () => b], bind: (x, y) => ([a, b] = [x, y]) };
  },
  declaration() {
    let a, b;
    function named(probe, again = true) {
      return again ? [named(probe, false), a] : [probe, named === value, b];
    }
    const value = named;
    return { value, bind: (x, y) => ([a, b] = [x, y]) };
  },
  method() {
    let a, b;
    const holder = {
      method(probe) {
        return [probe, this === undefined, a, b];
      },
    };
    return { value: holder.method, bind: (x, y) => ([a, b] = [x, y]) };
  },
  getter() {
    let a, b;
    const holder = {
      get got() {
        return [a, b];
      },
    };
    return { value: Object.getOwnPropertyDescriptor(holder, 'got').get, bind: (x, y) => ([a, b] = [x, y]) };
  },
  asynchronous() {
    let a, b;
    return {
      value: async (probe) => {
        await null;
        return [probe, a, b];
      },
      bind: (x, y) => ([a, b] = [x, y]),
    };
  },
  generator() {
    let a, b;
    return {
      value: function* (probe) {
        yield probe;
        yield a;
        return b;
      },
      bind: (x, y) => ([a, b] = [x, y]),
    };
  },
  asyncGenerator() {
    let a, b;
    return {
      value: async function* walk(probe) {
        yield probe;
        yield a;
        yield b;
      },
      bind: (x, y) => ([a, b] = [x, y]),
    };
  },
  parameters() {
    let a, b;
    return {
      value: ({ length } = 'two', [first = a] = [], ...rest) => [length, first, rest, typeof b, `${typeof a}`],
      bind: (x, y) => ([a, b] = [x, y]),
    };
  },
  oldConstructor() {
    let a, b;
    function Old(probe) {
      if (new.target) this.probe = probe;
      else return [probe, a];
    }
    Old.prototype.look = function look() {
      return [this?.probe, b];
    };
    return { value: Old, bind: (x, y) => ([a, b] = [x, y]) };
  },
  replacedPrototype() {
    let a, b;
    function Old() {
      return [a, b];
    }
    Old.prototype = {
      look() {
        return b;
      },
    };
    return { value: Old, bind: (x, y) => ([a, b] = [x, y]) };
  },
};

/** Functions that share a variable and assign it. Telling whose variable it is takes V8's debugger, so these are slow. */
export const sharers = {
  counter() {
    let count = 0;
    let a, b;
    const step = () => [(count += 1), a];
    const value = () => [step(), count, b];
    value.step = step;
    return { value, bind: (x, y) => ([a, b] = [x, y]) };
  },
  lexicalThis() {
    const holder = {
      a: undefined,
      b: undefined,
      make() {
        return (probe) => [probe, this.a, this.b];
      },
    };
    return { value: holder.make(), bind: (x, y) => ([holder.a, holder.b] = [x, y]) };
  },
};

/** By name: classes, above `Parent` if there is one. Constructors take no arguments, so that any class can be above any other. */
export const classes = {
  plain(Parent) {
    let a, b;
    class Plain extends Parent {
      field = 'own';
      method(probe) {
        return [probe, a];
      }
      get got() {
        return b;
      }
      static make() {
        return new this();
      }
    }
    return { value: Plain, bind: (x, y) => ([a, b] = [x, y]) };
  },
  root() {
    let a, b;
    const key = 'computed';
    class Root {
      static count = 0;
      static {
        Root.count += 1;
      }
      first = 1;
      [key](probe) {
        return [probe, a, b, Root.count];
      }
      *[Symbol.iterator]() {
        yield a;
      }
    }
    return { value: Root, bind: (x, y) => ([a, b] = [x, y]) };
  },
  calling(Parent) {
    let a, b;
    const value = class extends Parent {
      constructor() {
        super();
        this.made = true;
      }
      method(probe) {
        return [super.method?.(probe), b];
      }
      static describe() {
        return [super.describe?.(), a];
      }
    };
    return { value, bind: (x, y) => ([a, b] = [x, y]) };
  },
};

/** Classes with private members: a result of such a class may be refused. */
export const privateClasses = {
  fields(Parent) {
    let a, b;
    class Secretive extends Parent {
      static #kept = 'static';
      #first = 1;
      #second;
      open = true;
      #hidden() {
        return [this.#first, this.#second];
      }
      secrets() {
        return [super.secrets?.(), this.#hidden(), a, Secretive.#kept];
      }
      keep(first, second) {
        super.keep?.(first, second);
        this.#first = first;
        this.#second = second;
        return b;
      }
    }
    return { value: Secretive, bind: (x, y) => ([a, b] = [x, y]) };
  },
  accessors(Parent) {
    let a, b;
    class Guarded extends Parent {
      #first;
      get #both() {
        return [this.#first, b];
      }
      secrets() {
        return [super.secrets?.(), #first in this, this.#both, a];
      }
      keep(first, second) {
        super.keep?.(first, second);
        this.#first = second;
      }
    }
    return { value: Guarded, bind: (x, y) => ([a, b] = [x, y]) };
  },
};

export const proxyHandlers = {
  /** Shows what is behind a proxy to who compares. */
  parts() {
    return {
      get(target, key, receiver) {
        return key === Symbol.for('parts of the proxy') ? [target, this] : Reflect.get(target, key, receiver);
      },
    };
  },
};

package io.carillon;

import io.carillon.job.JobExceptions.StoreUnavailable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A port whose implementation arrives later, with the database: until then, and after it is taken
 * away, every call throws {@link StoreUnavailable}. So the API answers from the first moment.
 * Thread-safe.
 */
final class Late<T> {
  private final AtomicReference<T> present = new AtomicReference<>();
  private final T port;

  Late(Class<T> type) {
    this.port =
        type.cast(
            Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> {
                  try {
                    return method.invoke(require(), arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                }));
  }

  /** The port, from the first moment. */
  T port() {
    return port;
  }

  void arrive(T implementation) {
    present.set(implementation);
  }

  /** The implementation. @throws StoreUnavailable while there is none */
  T require() {
    T implementation = present.get();
    if (implementation == null) {
      throw new StoreUnavailable("the database is not there yet", null);
    }
    return implementation;
  }
}

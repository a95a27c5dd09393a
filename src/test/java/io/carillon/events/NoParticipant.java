package io.carillon.events;

import io.carillon.execution.ForwardingParticipant;
import io.carillon.execution.QueueRows;
import io.carillon.execution.StoreParticipant;
import java.lang.reflect.Proxy;

/** Does nothing; a test that needs more of it fails. */
final class NoParticipant extends ForwardingParticipant {
  NoParticipant() {
    super(
        (StoreParticipant)
            Proxy.newProxyInstance(
                NoParticipant.class.getClassLoader(),
                new Class<?>[] {StoreParticipant.class},
                (proxy, method, arguments) -> {
                  throw new UnsupportedOperationException(method.getName());
                }));
  }

  @Override
  public QueueRows queues() {
    return QueueRows.NONE;
  }
}

package io.carillon.events;

import io.carillon.events.LiveMessage.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps what it is sent; when told so, says of nothing that it has arrived. */
final class RecordingOutlet implements Outlet {
  final List<LiveMessage> messages = new CopyOnWriteArrayList<>();
  private final List<Consumer<@Nullable Throwable>> unanswered = new ArrayList<>();
  private boolean stuck;
  volatile boolean aborted;

  synchronized void stopReading() {
    stuck = true;
  }

  void readOn() {
    List<Consumer<@Nullable Throwable>> now;
    synchronized (this) {
      stuck = false;
      now = List.copyOf(unanswered);
      unanswered.clear();
    }
    now.forEach(sent -> sent.accept(null));
  }

  @Override
  public void send(LiveMessage message, Consumer<@Nullable Throwable> sent) {
    messages.add(message);
    synchronized (this) {
      if (stuck) {
        unanswered.add(sent);
        return;
      }
    }
    sent.accept(null);
  }

  @Override
  public void abort() {
    aborted = true;
  }

  /** The words of the events, in order. */
  List<String> words() {
    return messages.stream()
        .filter(Told.class::isInstance)
        .map(message -> ((Told) message).event().word())
        .toList();
  }

  /** The events, in order. */
  List<Told> told() {
    return messages.stream().filter(Told.class::isInstance).map(Told.class::cast).toList();
  }

  <M extends LiveMessage> List<M> all(Class<M> type) {
    return messages.stream().filter(type::isInstance).map(type::cast).toList();
  }

  boolean isWelcome() {
    return !messages.isEmpty() && messages.get(0) instanceof LiveMessage.Welcome;
  }
}

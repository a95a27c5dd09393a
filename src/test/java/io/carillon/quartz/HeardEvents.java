package io.carillon.quartz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carillon.events.LiveMessage;
import io.carillon.events.LiveMessage.Told;
import io.carillon.events.Outlet;
import io.carillon.job.JobId;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a reader was told. */
final class HeardEvents implements Outlet {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<LiveMessage> messages = new CopyOnWriteArrayList<>();

  @Override
  public void send(LiveMessage message, Consumer<@Nullable Throwable> sent) {
    messages.add(message);
    sent.accept(null);
  }

  @Override
  public void abort() {}

  List<JsonNode> of(String member, String id) {
    return messages.stream()
        .filter(Told.class::isInstance)
        .map(message -> tree(((Told) message).event().full()))
        .filter(
            event ->
                event.path(member).path("id").asText().equals(id)
                    || event.path(member).path("name").asText().equals(id))
        .toList();
  }

  List<String> words(JobId job) {
    return of("job", job.value()).stream().map(event -> event.get("event").asText()).toList();
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  List<LiveMessage> messages() {
    return messages;
  }
}

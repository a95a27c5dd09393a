package io.carillon.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Json;
import io.carillon.events.LiveMessage;
import io.carillon.events.LiveMessage.Beat;
import io.carillon.events.LiveMessage.End;
import io.carillon.events.LiveMessage.Gap;
import io.carillon.events.LiveMessage.Reason;
import io.carillon.events.LiveMessage.Told;
import io.carillon.events.LiveMessage.Welcome;
import io.carillon.spec.StrictJson;

/** What readers are sent beside events, and how a stream frames it all. Stateless. */
final class LiveTexts {
  /** A reader that lost its stream comes back after so many milliseconds. */
  private static final int RETRY = 1_000;

  private LiveTexts() {}

  static String welcome(Welcome welcome) {
    return StrictJson.text(
        Json.object().put("event", "welcome").put("at", welcome.at().toString()));
  }

  static String gap(Gap gap) {
    ObjectNode body = Json.object().put("event", "gap");
    body.put("after", gap.after());
    return StrictJson.text(
        body.put("detail", "events after this one are not kept any more, or were never written"));
  }

  static String why(Reason reason) {
    return switch (reason) {
      case SLOW -> "events came faster than they were read";
      case LEAVING -> "this node is stopping; come back through another one";
      case UNAVAILABLE -> "the database is away; come back later";
    };
  }

  /**
   * As an event stream (WHATWG HTML, 9.2.6). The id is where to go on from, which is not always the
   * event's own.
   */
  static String frame(LiveMessage message) {
    if (message instanceof Welcome welcome) {
      return "retry: " + RETRY + "\n" + frame(welcome.position(), "welcome", welcome(welcome));
    }
    if (message instanceof Told told) {
      return frame(told.position(), told.event().word(), told.event().full());
    }
    if (message instanceof Gap gap) {
      return frame(gap.position(), "gap", gap(gap));
    }
    if (message instanceof Beat beat) {
      // An id without data is noted and tells no event.
      return ": beat\nid: " + beat.position() + "\n\n";
    }
    Reason reason = ((End) message).reason();
    String word = reason == Reason.LEAVING ? "leaving" : "dropped";
    ObjectNode body = Json.object().put("event", word).put("detail", why(reason));
    return "event: " + word + "\ndata: " + StrictJson.text(body) + "\n\n";
  }

  /** JSON text has no line breaks of its own. */
  private static String frame(long position, String event, String json) {
    return "id: " + position + "\nevent: " + event + "\ndata: " + json + "\n\n";
  }
}

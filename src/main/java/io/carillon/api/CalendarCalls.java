package io.carillon.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Query;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.calendar.CalendarBook;
import io.carillon.calendar.CalendarBook.InUse;
import io.carillon.calendar.CalendarBook.StaleVersion;
import io.carillon.calendar.CalendarBook.Stored;
import io.carillon.calendar.CalendarDefinition;
import io.carillon.calendar.CalendarReader;
import io.carillon.calendar.CalendarWriter;
import io.carillon.job.Calendars.Name;
import io.carillon.job.JobId;
import io.carillon.spec.Fault;
import io.carillon.spec.Faults;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Exclusion calendars: written, read, listed, deleted. Thread-safe. */
final class CalendarCalls {
  static final String ONE = "/api/v1/calendars/{name}";

  private static final String ALL = "/api/v1/calendars";
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;

  private final CalendarBook book;
  private final CalendarReader reader;

  CalendarCalls(CalendarBook book, InstantSource clock) {
    this.book = book;
    this.reader = new CalendarReader(clock);
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, this::list),
        Route.get(ONE, this::read),
        Route.put(ONE, this::put),
        Route.delete(ONE, this::delete));
  }

  private Reply put(Exchange exchange) {
    exchange.noQuery();
    ObjectNode body = exchange.object();
    String text = exchange.parameter("name");
    Faults faults = new Faults();
    if (!JobId.isValid(text)) {
      faults.add("/name", "calendar_name_invalid", "a name is 1 to 120 of A-Z a-z 0-9 . _ ~ -");
    } else if (body.hasNonNull("name") && !body.get("name").asText().equals(text)) {
      faults.add("/name", "id_mismatch", "the body names another calendar than the path");
    }
    List<String> warnings = new ArrayList<>();
    CalendarDefinition definition = reader.read(body, faults, warnings);
    if (definition == null || !faults.isEmpty()) {
      throw ProblemException.of(422, faults.list());
    }
    Name name = new Name(JobId.DEFAULT_NAMESPACE, text);
    OptionalLong expected = expected(exchange, name);
    CalendarBook.Put put =
        translated(() -> book.put(name, definition, exchange.mustBeNew(), expected));
    ObjectNode tree = tree(put.stored());
    ArrayNode said = tree.putArray("warnings");
    warnings.forEach(said::add);
    Reply reply = Reply.json(put.created() ? 201 : 200, tree).withETag(put.stored().version());
    return put.created() ? reply.withLocation(ALL + "/" + text) : reply;
  }

  private OptionalLong expected(Exchange exchange, Name name) {
    return exchange
        .ifMatch()
        .expectedOf(
            () ->
                book.find(name)
                    .map(found -> OptionalLong.of(found.version()))
                    .orElse(OptionalLong.empty()));
  }

  private Reply read(Exchange exchange) {
    exchange.noQuery();
    Name name = name(exchange);
    Stored stored = book.find(name).orElseThrow(CalendarCalls::absent);
    return exchange.has(stored.version())
        ? Reply.empty(304).withETag(stored.version())
        : Reply.json(200, tree(stored)).withETag(stored.version());
  }

  private Reply list(Exchange exchange) {
    Query query = exchange.query();
    String cursor = query.text("cursor");
    int limit = query.integer("limit", PAGE, 1, LARGEST_PAGE);
    query.done();
    if (cursor != null && !JobId.isValid(cursor)) {
      throw ProblemException.of(
          400,
          List.of(
              new Fault("?cursor", "cursor_invalid", "cursor must be the nextCursor of a list")));
    }
    CalendarBook.Page page =
        book.list(JobId.DEFAULT_NAMESPACE, cursor == null ? "" : cursor, limit);
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    String last = null;
    for (CalendarBook.Line line : page.lines()) {
      items
          .addObject()
          .put("name", line.name())
          .put("description", line.description())
          .put("version", line.version())
          .put("createdAt", Json.instant(line.createdAt()))
          .put("updatedAt", Json.instant(line.updatedAt()));
      last = line.name();
    }
    return Reply.json(200, body.put("nextCursor", page.more() ? last : null));
  }

  private Reply delete(Exchange exchange) {
    exchange.noQuery();
    Name name = name(exchange);
    OptionalLong expected = expected(exchange, name);
    if (!translated(() -> book.delete(name, expected))) {
      throw absent();
    }
    return Reply.json(200, Json.object().put("name", name.name()).put("deleted", true));
  }

  private static Name name(Exchange exchange) {
    String name = exchange.parameter("name");
    if (!JobId.isValid(name)) {
      throw absent();
    }
    return new Name(JobId.DEFAULT_NAMESPACE, name);
  }

  private static ProblemException absent() {
    return ProblemException.notFound("calendar");
  }

  private static ObjectNode tree(Stored stored) {
    ObjectNode tree = Json.object().put("name", stored.name().name());
    tree.setAll(CalendarWriter.write(stored.definition()));
    tree.put("version", stored.version());
    tree.put("createdAt", Json.instant(stored.createdAt()));
    tree.put("updatedAt", Json.instant(stored.updatedAt()));
    return tree;
  }

  private static <T> T translated(Supplier<T> change) {
    try {
      return change.get();
    } catch (StaleVersion stale) {
      throw ProblemException.stale("calendar", stale.current());
    } catch (InUse used) {
      Optional<String> more =
          Optional.of(used.count() - used.jobs().size())
              .filter(others -> others > 0)
              .map(others -> " and " + others + " more");
      throw ProblemException.of(
          409,
          "calendar_in_use",
          "named by "
              + (used.count() == 1 ? "job " : "jobs ")
              + String.join(", ", used.jobs())
              + more.orElse(""));
    }
  }
}

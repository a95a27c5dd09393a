package io.carillon.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Query;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.execution.Ledger;
import io.carillon.execution.Ledgers;
import io.carillon.job.JobId;
import io.carillon.spec.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/** What became of every planned instant of a job. Thread-safe. */
final class LedgerCall {
  private static final Duration USUAL = Duration.ofHours(24);

  private final Ledgers ledgers;
  private final InstantSource clock;

  LedgerCall(Ledgers ledgers, InstantSource clock) {
    this.ledgers = ledgers;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(Route.get("/api/v1/jobs/{id}/ledger", this::ledger));
  }

  private Reply ledger(Exchange exchange) {
    JobId id = exchange.jobId();
    Query query = exchange.query();
    Instant to = Objects.requireNonNullElseGet(query.instant("to"), clock::instant);
    Instant from = Objects.requireNonNullElseGet(query.instant("from"), () -> dayBefore(to));
    query.done();
    if (!from.isBefore(to)) {
      throw ProblemException.of(
          400, List.of(new Fault("?to", "parameter_invalid", "to must be later than from")));
    }
    try {
      return Reply.json(200, tree(ledgers.of(id, from, to)));
    } catch (Ledgers.TooManyInstants tooMany) {
      throw ProblemException.of(
          422,
          List.of(
              new Fault(
                  "?from",
                  "range_too_large",
                  "the schedule has more than 100,000 planned instants in this range: ask for a shorter one")));
    }
  }

  private static Instant dayBefore(Instant to) {
    return to.isBefore(Instant.EPOCH) ? Instant.MIN : to.minus(USUAL);
  }

  private static ObjectNode tree(Ledger ledger) {
    ObjectNode tree =
        Json.object()
            .put("from", Json.instant(ledger.from()))
            .put("to", Json.instant(ledger.to()))
            .put("planned", ledger.planned())
            .put("succeeded", ledger.succeeded())
            .put("failed", ledger.failed())
            .put("cancelled", ledger.cancelled());
    ObjectNode skipped = tree.putObject("skipped");
    ledger.skipped().forEach(skipped::put);
    tree.put("open", ledger.open());
    ArrayNode missing = tree.putArray("missing");
    ledger.missing().forEach(at -> missing.add(Json.instant(at)));
    return tree.put("missingCount", ledger.missingCount())
        .put("balanced", ledger.balanced())
        .put("unexpected", ledger.unexpected())
        .put("byHand", ledger.byHand());
  }
}

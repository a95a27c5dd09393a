package io.carillon.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Exchange;
import io.carillon.api.http.Json;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Query;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import io.carillon.job.JobId;
import io.carillon.job.Jobs.Page;
import io.carillon.job.SecretKind;
import io.carillon.job.SecretRules;
import io.carillon.job.SigningKey;
import io.carillon.job.StoredSecret;
import io.carillon.secret.SecretBook;
import io.carillon.secret.SecretBook.Conflict;
import io.carillon.secret.SecretBook.NewValue;
import io.carillon.secret.SecretBook.OtherKind;
import io.carillon.secret.SecretBook.Put;
import io.carillon.spec.Fault;
import io.carillon.spec.Faults;
import io.carillon.spec.SecretValueReader;
import io.carillon.spec.SecretValueReader.Said;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;

/**
 * Secrets: stored, listed and removed; never told, but for one that was made here, once, in the
 * answer that says so. Thread-safe.
 */
final class SecretCalls {
  private static final String ALL = "/api/v1/secrets";
  private static final String ONE = "/api/v1/secrets/{name}";
  private static final String NAMESPACE = JobId.DEFAULT_NAMESPACE;
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;
  private static final int MADE_BYTES = 32;

  private final SecretBook secrets;
  private final SecureRandom random = new SecureRandom();

  SecretCalls(SecretBook secrets) {
    this.secrets = secrets;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, this::list),
        Route.get(ONE, this::read),
        Route.put(ONE, this::put),
        Route.delete(ONE, this::delete));
  }

  private Reply list(Exchange exchange) {
    Query query = exchange.query();
    String cursor = query.text("cursor");
    int limit = query.integer("limit", PAGE, 1, LARGEST_PAGE);
    query.done();
    Page<StoredSecret> page = secrets.list(NAMESPACE, cursor, limit);
    ObjectNode body = Json.object();
    ArrayNode items = body.putArray("items");
    page.items().forEach(secret -> items.add(tree(secret, SecretRules.MASK)));
    return Reply.json(200, body.put("nextCursor", page.nextCursor()));
  }

  private Reply read(Exchange exchange) {
    exchange.noQuery();
    StoredSecret secret = secrets.find(NAMESPACE, name(exchange)).orElseThrow(SecretCalls::unknown);
    return Reply.json(200, tree(secret, SecretRules.MASK)).withETag(secret.version());
  }

  private Reply put(Exchange exchange) {
    exchange.noQuery();
    String name = exchange.parameter("name");
    Faults faults = new Faults();
    Said said = SecretValueReader.read(exchange.object(), name, faults);
    if (!secrets.available()) {
      faults.add("", "secrets_unavailable", "this server has no key to keep secrets with");
    }
    if (!faults.isEmpty()) {
      throw ProblemException.of(422, faults.list());
    }
    String given = said.value();
    String value = given == null ? made(said.kind()) : given;
    try {
      Put put =
          secrets.put(
              new NewValue(NAMESPACE, name, said.kind(), value, said.grace()),
              exchange.mustBeNew(),
              expected(exchange, name));
      ObjectNode shown = tree(put.stored(), given == null ? value : SecretRules.MASK);
      Reply reply = Reply.json(put.created() ? 201 : 200, shown).withETag(put.stored().version());
      return put.created() ? reply.withLocation(ALL + "/" + name) : reply;
    } catch (OtherKind other) {
      throw ProblemException.of(
          422, List.of(new Fault("/kind", "secret_kind", String.valueOf(other.getMessage()))));
    } catch (Conflict conflict) {
      throw exchange.mustBeNew() && conflict.current() > 0
          ? ProblemException.of(412, "secret_exists", "there is a secret of this name already")
          : ProblemException.stale("secret", conflict.current());
    }
  }

  private String made(SecretKind kind) {
    if (kind == SecretKind.SIGNING) {
      return SigningKey.generate(random);
    }
    byte[] bytes = new byte[MADE_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private Reply delete(Exchange exchange) {
    exchange.noQuery();
    String name = name(exchange);
    try {
      if (!secrets.delete(NAMESPACE, name, expected(exchange, name))) {
        throw unknown();
      }
    } catch (Conflict conflict) {
      throw ProblemException.stale("secret", conflict.current());
    }
    return Reply.empty(204);
  }

  private OptionalLong expected(Exchange exchange, String name) {
    return exchange
        .ifMatch()
        .expectedOf(
            () ->
                secrets
                    .find(NAMESPACE, name)
                    .map(secret -> OptionalLong.of(secret.version()))
                    .orElse(OptionalLong.empty()));
  }

  private static String name(Exchange exchange) {
    String name = exchange.parameter("name");
    if (!StoredSecret.isName(name)) {
      throw unknown();
    }
    return name;
  }

  private static ProblemException unknown() {
    return ProblemException.notFound("secret");
  }

  private static ObjectNode tree(StoredSecret secret, String value) {
    ObjectNode tree = Json.object().put("name", secret.name());
    tree.put("kind", secret.kind().name()).put("value", value).put("version", secret.version());
    ArrayNode versions = tree.putArray("versions");
    versions.addObject().put("version", secret.version()).putNull("until");
    if (secret.previousUntil() != null) {
      versions
          .addObject()
          .put("version", secret.version() - 1)
          .put("until", Json.instant(secret.previousUntil()));
    }
    return tree.put("createdAt", Json.instant(secret.createdAt()))
        .put("rotatedAt", Json.instant(secret.rotatedAt()));
  }
}

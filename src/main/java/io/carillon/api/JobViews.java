package io.carillon.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.api.http.Definitions;
import io.carillon.api.http.Json;
import io.carillon.api.http.Reply;
import io.carillon.job.JobScheduler.Created;
import io.carillon.job.JobScheduler.Met;
import io.carillon.job.Origin;
import io.carillon.job.StoredJob;
import io.carillon.spec.JobReader;
import io.carillon.spec.JobWriter;
import java.time.ZoneId;
import java.util.Objects;

/** Shows a stored job in canonical form. Thread-safe. */
final class JobViews {
  private final JobReader reader;
  private final LinkWarnings links;

  JobViews(JobReader reader, LinkWarnings links) {
    this.reader = reader;
    this.links = links;
  }

  ObjectNode tree(StoredJob stored) {
    ObjectNode tree = new JobWriter().write(stored.job());
    tree.put("state", stored.state().name());
    tree.put("nextFireTime", Json.instant(stored.nextFireTime()));
    ZoneId zone = stored.job().schedule().zone();
    if (zone != null) {
      tree.put("nextFireTimeLocal", Json.local(stored.nextFireTime(), zone));
    }
    if (stored.pause() != null) {
      tree.putObject("pause")
          .put("reason", stored.pause().reason())
          .put("until", Json.instant(stored.pause().until()));
    }
    if (stored.job().origin().scheduler() != null) {
      tree.put("scheduler", stored.job().origin().scheduler());
    }
    Origin origin = stored.job().origin();
    if (origin.facts().get(Origin.FOLLOWS) instanceof String source) {
      tree.put("origin", origin.call().name()).put("follows", source);
    }
    tree.put("version", stored.version());
    tree.put("runs", stored.runs());
    tree.put("createdAt", Json.instant(stored.createdAt()));
    tree.put("updatedAt", Json.instant(stored.updatedAt()));
    tree.put("finishedAt", Json.instant(stored.finishedAt()));
    ArrayNode warnings = tree.putArray("warnings");
    reader.warnings(stored.job()).forEach(warnings::add);
    return tree;
  }

  Reply reply(int status, StoredJob stored) {
    ObjectNode tree = tree(stored);
    links.of(stored.job()).forEach(tree.withArray("warnings")::add);
    return Reply.json(status, tree).withETag(stored.version());
  }

  /** The new job, or the one that it met. */
  Reply submitted(Created created) {
    Met met = created.met();
    if (met == null) {
      return created(Objects.requireNonNull(created.stored()));
    }
    return Reply.json(200, tree(met.job()).put("deduplicated", met.how().name()))
        .withETag(met.job().version())
        .withLocation(Definitions.path(met.job().id()));
  }

  Reply created(StoredJob stored) {
    return reply(201, stored).withLocation(Definitions.path(stored.id()));
  }
}

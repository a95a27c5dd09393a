package io.carillon.following;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.execution.Follower.Cause;
import io.carillon.execution.Follower.Refused;
import io.carillon.following.GroupTable.Done;
import io.carillon.job.Link;
import io.carillon.spec.StrictJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What starts when a group is done: once for each link, however many jobs name it. Stateless. */
final class GroupLinks {
  /** Of different ones; each job of a group may bring as many. */
  private static final int MOST = 32;

  private GroupLinks() {}

  static List<Links.Followed> followed(Done done, Instant now) {
    ObjectNode result = StrictJson.object();
    result.set("group", done.counts());
    List<Links.Followed> followed = new ArrayList<>();
    for (int i = 0; i < Math.min(MOST, done.links().size()); i++) {
      followed.add(
          new Links.Followed(
              cause(done, i),
              done.links().get(i),
              "ch_" + done.round() + "_" + Link.ON_GROUP_COMPLETE + "_" + i,
              now,
              0,
              result));
    }
    return followed;
  }

  /** That there are more links than are followed; empty if there are not. */
  static Optional<Refused> beyond(Done done) {
    int more = done.links().size() - MOST;
    return more <= 0
        ? Optional.empty()
        : Optional.of(
            new Refused(
                cause(done, MOST),
                "links_too_many",
                "the jobs of group '%s' name %d links more than the %d that are followed"
                    .formatted(done.group().name(), more, MOST)));
  }

  private static Cause cause(Done done, int link) {
    return new Cause(done.group().namespace(), done.round(), Link.ON_GROUP_COMPLETE + "/" + link);
  }
}

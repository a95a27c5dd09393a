package io.carillon.spec;

/** A body that says everything a body can say. */
final class FullBody {
  private FullBody() {}

  static final String TEXT =
      """
      {"name": "Familie 👨‍👩‍👧", "description": "<script> ' OR 1=1 --", "queue": "reports",
       "priority": "high", "labels": {"team": "shop", "a/b.c": ""},
       "target": {"type": "http", "method": "PATCH", "url": "https://x.example/a?b=c",
         "headers": {"X-A": "1", "Accept": "*/*"}, "body": "plain", "timeout": "PT1.5S",
         "async": {"timeout": "PT1H", "heartbeat": "PT1M"}},
       "schedule": {"type": "cron", "cron": "*/15 * * * *", "dst": {"gap": "SKIP", "overlap": "BOTH"},
         "startAt": "2027-01-01T00:00:00+01:00", "endAt": "2027-12-31T23:59:59.999Z", "maxRuns": 100,
         "jitter": "PT3S", "calendars": []},
       "catchUp": {"policy": "FIRE_ALL", "after": "PT5S", "window": "P1D", "max": 5},
       "overlap": "QUEUE_ONE", "delivery": "AT_LEAST_ONCE", "expiresAfter": "PT1H",
       "retry": {"maxAttempts": 3, "backoff": "LIST", "delays": ["PT1S", "PT5S"], "factor": 1.5,
         "retryOn": ["429"], "stopOn": ["410"], "maxAge": "PT1H"},
       "success": {"statuses": ["2xx", "404"], "bodyMatches": "ok|done"},
       "callback": {"url": "https://x.example/cb", "on": ["SUCCEEDED", "FAILED"]},
       "onSuccess": [{"job": "next"}], "onFailure": [{"task": "alarm", "parameters": {"n": 1.50}}],
       "onComplete": [], "group": "g", "onGroupComplete": [{"job": "sum"}],
       "dedup": {"key": "k", "ttl": "PT1H", "mode": "RETURN"}, "dedupKey": "d", "fifoKey": "f",
       "throttle": {"key": "t", "per": "PT1M"}, "debounce": {"key": "d", "wait": "PT5S"},
       "concurrency": {"perJob": 1, "perHost": 10}}""";
}

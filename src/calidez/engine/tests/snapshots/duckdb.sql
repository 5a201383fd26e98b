SELECT
  "period_start",
  "branch",
  "s0",
  COUNT("x0") AS "a0",
  COUNT("x1") AS "a1",
  COUNT("x2") AS "a2",
  SUM("x2") AS "a3",
  SUM("x3") AS "a4",
  COUNT("x4") AS "a5",
  COUNT("x5") AS "a6",
  SUM("x5") AS "a7",
  SUM("x6") AS "a8",
  COUNT("x7") AS "a9",
  COUNT("x8") AS "a10",
  SUM("x8") AS "a11",
  (
    VAR_POP("x8") * COUNT("x8")
  ) AS "a12",
  MIN("x8") AS "a13",
  MAX("x8") AS "a14",
  LIST("x8") FILTER(WHERE
    NOT "x8" IS NULL) AS "a15",
  COUNT("x9") AS "a16",
  SUM("x10") AS "a17",
  (
    VAR_POP("x9") * COUNT("x9")
  ) AS "a18",
  MIN("x9") AS "a19",
  MAX("x9") AS "a20",
  COUNT("x11") AS "a21",
  SUM("x12") AS "a22",
  (
    COUNT("x9") * COVAR_POP("x10", "x9")
  ) - (
    AVG("x9") * (
      COUNT("x9") * COVAR_POP("x12", "x9")
    )
  ) - (
    (
      COUNT("x9") * COVAR_POP("x12", "x9")
    ) * (
      COUNT("x9") * COVAR_POP("x12", "x9")
    )
  ) / NULLIF(SUM("x12"), 0) AS "a23",
  COUNT("x13") AS "a24",
  SUM("x13") AS "a25",
  (
    VAR_POP("x13") * COUNT("x13")
  ) AS "a26",
  MIN("x13") AS "a27",
  MAX("x13") AS "a28",
  LIST("x13") FILTER(WHERE
    NOT "x13" IS NULL) AS "a29",
  QUANTILE_DISC("x8", 0.9) AS "a30",
  COUNT("x14") AS "a31",
  COUNT("x15") AS "a32",
  COUNT("x16") AS "a33",
  SUM("x16") AS "a34",
  SUM("x17") AS "a35",
  COUNT("x18") AS "a36",
  COUNT("x19") AS "a37",
  SUM("x19") AS "a38",
  SUM("x20") AS "a39",
  COUNT("x21") AS "a40",
  SUM("x21") AS "a41",
  SUM("x22") AS "a42",
  COUNT("x23") AS "a43",
  SUM("x23") AS "a44",
  (
    VAR_POP("x23") * COUNT("x23")
  ) AS "a45",
  MIN("x23") AS "a46",
  MAX("x23") AS "a47",
  COUNT(CASE WHEN "x23" >= 9 THEN 1 END) AS "a48",
  COUNT(CASE WHEN "x23" <= 6 THEN 1 END) AS "a49",
  COUNT("x24") AS "a50",
  SUM("x25") AS "a51",
  (
    VAR_POP("x24") * COUNT("x24")
  ) AS "a52",
  MIN("x24") AS "a53",
  MAX("x24") AS "a54",
  COUNT("x26") AS "a55",
  SUM("x27") AS "a56",
  (
    COUNT("x24") * COVAR_POP("x25", "x24")
  ) - (
    AVG("x24") * (
      COUNT("x24") * COVAR_POP("x27", "x24")
    )
  ) - (
    (
      COUNT("x24") * COVAR_POP("x27", "x24")
    ) * (
      COUNT("x24") * COVAR_POP("x27", "x24")
    )
  ) / NULLIF(SUM("x27"), 0) AS "a57",
  COUNT("x28") AS "a58",
  SUM(CASE WHEN "x29" >= 9 THEN "x30" END) AS "a59",
  SUM(CASE WHEN "x29" <= 6 THEN "x30" END) AS "a60"
FROM (
  SELECT
    CAST(DATE_TRUNC('month', CAST(CAST(MAKE_TIMESTAMP(EPOCH_US("at")) AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    "branch" AS "branch",
    "channel" AS "s0",
    CASE WHEN (
      "channel" <> 'mail'
    ) THEN (
      "waiting" <= 10
    ) END AS "x0",
    CASE WHEN (
      "channel" <> 'mail'
    ) AND (
      "waiting" <= 10
    ) THEN 1 END AS "x1",
    CASE
      WHEN NOT "solved" IS NULL AND (
        CAST("weight" AS DOUBLE) >= 0
      )
      THEN CAST("weight" AS DOUBLE)
    END AS "x2",
    CASE
      WHEN "solved" AND (
        CAST("weight" AS DOUBLE) >= 0
      )
      THEN CAST("weight" AS DOUBLE)
    END AS "x3",
    CASE
      WHEN NOT "solved" IS NULL AND NOT (
        (
          CAST("weight" AS DOUBLE) >= 0
        )
      )
      THEN 1
    END AS "x4",
    CASE
      WHEN (
        CAST((
          CAST("score" AS DOUBLE) - CAST(1 AS DOUBLE)
        ) AS DOUBLE) >= 0
      )
      AND (
        CAST((
          CAST("score" AS DOUBLE) - CAST(1 AS DOUBLE)
        ) AS DOUBLE)
      ) <= (
        CAST("score" AS DOUBLE)
      ) * 1.000000001
      THEN CAST("score" AS DOUBLE)
    END AS "x5",
    CASE
      WHEN (
        CAST((
          CAST("score" AS DOUBLE) - CAST(1 AS DOUBLE)
        ) AS DOUBLE) >= 0
      )
      AND (
        CAST((
          CAST("score" AS DOUBLE) - CAST(1 AS DOUBLE)
        ) AS DOUBLE)
      ) <= (
        CAST("score" AS DOUBLE)
      ) * 1.000000001
      THEN CAST((
        CAST("score" AS DOUBLE) - CAST(1 AS DOUBLE)
      ) AS DOUBLE)
    END AS "x6",
    CASE
      WHEN NOT (
        (
          CAST((
            CAST("score" AS DOUBLE) - CAST(1 AS DOUBLE)
          ) AS DOUBLE) >= 0
        )
        AND (
          CAST((
            CAST("score" AS DOUBLE) - CAST(1 AS DOUBLE)
          ) AS DOUBLE)
        ) <= (
          CAST("score" AS DOUBLE)
        ) * 1.000000001
      )
      THEN 1
    END AS "x7",
    CAST("waiting" AS DOUBLE) AS "x8",
    CASE WHEN (
      CAST("weight" AS DOUBLE) >= 0
    ) THEN CAST("score" AS DOUBLE) END AS "x9",
    CASE
      WHEN (
        CAST("weight" AS DOUBLE) >= 0
      )
      THEN (
        CAST("weight" AS DOUBLE) * CAST("score" AS DOUBLE)
      )
    END AS "x10",
    CASE
      WHEN NOT CAST("score" AS DOUBLE) IS NULL
      AND NOT (
        (
          CAST("weight" AS DOUBLE) >= 0
        )
      )
      THEN 1
    END AS "x11",
    CASE
      WHEN (
        CAST("weight" AS DOUBLE) >= 0
      ) AND NOT CAST("score" AS DOUBLE) IS NULL
      THEN CAST("weight" AS DOUBLE)
    END AS "x12",
    CAST((
      CAST("waiting" AS DOUBLE) - CAST(20 AS DOUBLE)
    ) AS DOUBLE) AS "x13",
    CASE WHEN (
      "score" < 5
    ) THEN 1 END AS "x14",
    CASE
      WHEN NOT (
        (
          CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE) >= 0
        )
        AND (
          CAST("weight" AS DOUBLE) >= 0
        )
      )
      THEN 1
    END AS "x15",
    CASE
      WHEN (
        (
          CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE) >= 0
        )
        AND (
          CAST("weight" AS DOUBLE) >= 0
        )
      )
      AND NOT CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE) IS NULL
      AND NOT CAST("weight" AS DOUBLE) IS NULL
      THEN CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE)
    END AS "x16",
    CASE
      WHEN (
        (
          CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE) >= 0
        )
        AND (
          CAST("weight" AS DOUBLE) >= 0
        )
      )
      AND NOT CAST(CASE WHEN NOT "solved" IS NULL THEN CASE WHEN "solved" THEN 1 ELSE 0 END END AS DOUBLE) IS NULL
      AND NOT CAST("weight" AS DOUBLE) IS NULL
      THEN CAST("weight" AS DOUBLE)
    END AS "x17",
    CASE
      WHEN NOT (
        (
          CAST("score" AS DOUBLE) >= 0
        )
        AND (
          CAST((
            CAST("waiting" AS DOUBLE) / NULLIF(CAST(60 AS DOUBLE), 0)
          ) AS DOUBLE) >= 0
        )
      )
      THEN 1
    END AS "x18",
    CASE
      WHEN (
        (
          CAST("score" AS DOUBLE) >= 0
        )
        AND (
          CAST((
            CAST("waiting" AS DOUBLE) / NULLIF(CAST(60 AS DOUBLE), 0)
          ) AS DOUBLE) >= 0
        )
      )
      AND NOT CAST("score" AS DOUBLE) IS NULL
      AND NOT CAST((
        CAST("waiting" AS DOUBLE) / NULLIF(CAST(60 AS DOUBLE), 0)
      ) AS DOUBLE) IS NULL
      THEN CAST("score" AS DOUBLE)
    END AS "x19",
    CASE
      WHEN (
        (
          CAST("score" AS DOUBLE) >= 0
        )
        AND (
          CAST((
            CAST("waiting" AS DOUBLE) / NULLIF(CAST(60 AS DOUBLE), 0)
          ) AS DOUBLE) >= 0
        )
      )
      AND NOT CAST("score" AS DOUBLE) IS NULL
      AND NOT CAST((
        CAST("waiting" AS DOUBLE) / NULLIF(CAST(60 AS DOUBLE), 0)
      ) AS DOUBLE) IS NULL
      THEN CAST((
        CAST("waiting" AS DOUBLE) / NULLIF(CAST(60 AS DOUBLE), 0)
      ) AS DOUBLE)
    END AS "x20",
    CASE
      WHEN NOT CAST((
        SIGN(CAST("waiting" AS DOUBLE)) * (
          FLOOR(ABS(CAST("waiting" AS DOUBLE)) * CAST(10 AS DOUBLE) + CAST(0.5 AS DOUBLE)) / CAST(10 AS DOUBLE)
        )
      ) AS DOUBLE) IS NULL
      AND NOT CAST("score" AS DOUBLE) IS NULL
      THEN CAST((
        SIGN(CAST("waiting" AS DOUBLE)) * (
          FLOOR(ABS(CAST("waiting" AS DOUBLE)) * CAST(10 AS DOUBLE) + CAST(0.5 AS DOUBLE)) / CAST(10 AS DOUBLE)
        )
      ) AS DOUBLE)
    END AS "x21",
    CASE
      WHEN NOT CAST((
        SIGN(CAST("waiting" AS DOUBLE)) * (
          FLOOR(ABS(CAST("waiting" AS DOUBLE)) * CAST(10 AS DOUBLE) + CAST(0.5 AS DOUBLE)) / CAST(10 AS DOUBLE)
        )
      ) AS DOUBLE) IS NULL
      AND NOT CAST("score" AS DOUBLE) IS NULL
      THEN CAST("score" AS DOUBLE)
    END AS "x22",
    CASE
      WHEN CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
      THEN CAST("score" AS DOUBLE)
    END AS "x23",
    CASE
      WHEN (
        CAST("weight" AS DOUBLE) >= 0
      )
      THEN CASE
        WHEN (
          CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
        )
        AND (
          CAST("weight" AS DOUBLE) >= 0
        )
        THEN CAST("score" AS DOUBLE)
      END
    END AS "x24",
    CASE
      WHEN (
        CAST("weight" AS DOUBLE) >= 0
      )
      THEN (
        CAST("weight" AS DOUBLE) * CASE
          WHEN (
            CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
          )
          AND (
            CAST("weight" AS DOUBLE) >= 0
          )
          THEN CAST("score" AS DOUBLE)
        END
      )
    END AS "x25",
    CASE
      WHEN NOT CASE
        WHEN (
          CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
        )
        AND (
          CAST("weight" AS DOUBLE) >= 0
        )
        THEN CAST("score" AS DOUBLE)
      END IS NULL
      AND NOT (
        (
          CAST("weight" AS DOUBLE) >= 0
        )
      )
      THEN 1
    END AS "x26",
    CASE
      WHEN (
        CAST("weight" AS DOUBLE) >= 0
      )
      AND NOT CASE
        WHEN (
          CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
        )
        AND (
          CAST("weight" AS DOUBLE) >= 0
        )
        THEN CAST("score" AS DOUBLE)
      END IS NULL
      THEN CAST("weight" AS DOUBLE)
    END AS "x27",
    CASE
      WHEN (
        CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
      )
      AND NOT (
        (
          CAST("weight" AS DOUBLE) >= 0
        )
      )
      THEN 1
    END AS "x28",
    CASE
      WHEN (
        CAST("score" AS DOUBLE) >= 0 AND CAST("score" AS DOUBLE) <= 10
      )
      AND (
        CAST("weight" AS DOUBLE) >= 0
      )
      THEN CAST("score" AS DOUBLE)
    END AS "x29",
    CAST("weight" AS DOUBLE) AS "x30"
  FROM public.visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start",
  "branch",
  "s0";

SELECT
  "period_start",
  COUNT("x0") AS "a0",
  SUM("x0") AS "a1",
  (
    VAR_POP("x0") * COUNT("x0")
  ) AS "a2",
  MIN("x0") AS "a3",
  MAX("x0") AS "a4"
FROM (
  SELECT
    CAST(TIMEZONE('Europe/Madrid', "at") AS DATE) AS "period_start",
    CASE
      WHEN (
        (
          "at" < CAST('2024-01-20 00:00:00+00:00' AS TIMESTAMPTZ)
        )
        AND (
          "day" > CAST('2024-01-02' AS DATE)
        )
      )
      THEN CAST((
        CAST((
          CAST((
            CAST((
              CAST((
                CAST(EXTRACT(HOUR FROM TIMEZONE('Europe/Madrid', "at")) AS DOUBLE) + CAST(EXTRACT(ISODOW FROM TIMEZONE('Europe/Madrid', "at")) AS DOUBLE)
              ) AS DOUBLE) + CAST((
                (
                  CAST(EPOCH_US("at") AS DOUBLE) / 1000000 - CAST(EPOCH_US("at") AS DOUBLE) / 1000000
                ) / CAST(60 AS DOUBLE)
              ) AS DOUBLE)
            ) AS DOUBLE) + CAST(LENGTH(LOWER("channel")) AS DOUBLE)
          ) AS DOUBLE) + CAST((
            SIGN(CAST("waiting" AS DOUBLE)) * (
              FLOOR(ABS(CAST("waiting" AS DOUBLE)) * CAST(10 AS DOUBLE) + CAST(0.5 AS DOUBLE)) / CAST(10 AS DOUBLE)
            )
          ) AS DOUBLE)
        ) AS DOUBLE) + CAST((
          CAST("waiting" AS DOUBLE) - CAST(3 AS DOUBLE) * FLOOR((
            CAST("waiting" AS DOUBLE) / NULLIF(CAST(3 AS DOUBLE), 0)
          ))
        ) AS DOUBLE)
      ) AS DOUBLE)
    END AS "x0"
  FROM public.visits
  WHERE
    NOT "at" IS NULL
    AND (
      "at" >= CAST('2024-01-01 00:00:00+00:00' AS TIMESTAMPTZ)
      AND "at" < CAST('2024-02-01 00:00:00+00:00' AS TIMESTAMPTZ)
    )
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    DATE_TRUNC('hour', MAKE_TIMESTAMP(EPOCH_US("at"))) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST('0001-01-01' AS DATE) + CAST((
      EPOCH_US("at") + 62135596800000000
    ) // 86400000000 AS INT) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(DATE_TRUNC('week', CAST(CAST(MAKE_TIMESTAMP(EPOCH_US("at")) AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(DATE_TRUNC('month', CAST(CAST(MAKE_TIMESTAMP(EPOCH_US("at")) AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(DATE_TRUNC('quarter', CAST(CAST(MAKE_TIMESTAMP(EPOCH_US("at")) AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

SELECT
  "period_start",
  COUNT("x0") AS "a0"
FROM (
  SELECT
    CAST(DATE_TRUNC('year', CAST(CAST(MAKE_TIMESTAMP(EPOCH_US("at")) AS DATE) AS TIMESTAMP)) AS DATE) AS "period_start",
    1 AS "x0"
  FROM visits
  WHERE
    NOT "at" IS NULL
) AS rows_
GROUP BY
  "period_start";

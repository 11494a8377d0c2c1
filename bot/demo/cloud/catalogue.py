"""What the embedded cloud sells: clusters, products, and the two tasks of the vendor's own example.

The demo starts from the vendor's example so that a reader of the API document recognises what is on the screen.
"""

from collections.abc import Mapping
from typing import Any, Final

CLUSTERS: Final[Mapping[str, str]] = {
    "cn-dev-1": "v2测试(cn-dev-1)",
    "cn-north-1": "华北一区(cn-north-1)",
    "cn-east-2": "华东二区(cn-east-2)",
    "hk-1": "香港(hk-1)",
    "sg-1": "Singapore (sg-1)",
    "us-ca-2": "US West, California (us-ca-2)",
    "us-tx-1": "US South, Texas (us-tx-1)",
    "eu-de-1": "Europe, Frankfurt (eu-de-1)",
}
"""Cluster ID to name."""

PRODUCTS: Final[Mapping[str, str]] = {
    "4090.18c.60g.18c60g": "RTX 4090 24GB 18c",
    "5090.24c.96g.24c96g": "RTX 5090 32GB 24c",
    "l40s.16c.120g.16c120g": "L40S 48GB 16c",
    "a100.16c.230g.16c230g": "A100 SXM 80GB 16c",
    "h100.20c.240g.20c240g": "H100 SXM 80GB 20c",
}
"""Product ID to name."""

VENDOR_EXAMPLE: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "id": "nzd5nyi4keefsv2d",
        "imageName": "nginx",
        "imageUrl": "nginx",
        "clusterId": "cn-dev-1",
        "clusterName": "v2测试(cn-dev-1)",
        "products": [],
        "imageSize": "72298048",
        "createTime": "1757656178",
        "state": "Succeeded",
        "completeTime": "1757656207",
        "note": "",
        "reason": [],
        "repositoryAuth": "",
    },
    {
        "id": "fexahnwdp4l1ajva",
        "imageName": "pytorch",
        "imageUrl": "test-image.ppinfra.com/test-public/pytorch:v2",
        "clusterId": "cn-dev-1",
        "clusterName": "v2测试(cn-dev-1)",
        "products": [{"productId": "4090.18c.60g.18c60g", "productName": "RTX 4090 24GB 18c"}],
        "imageSize": "6762128493",
        "createTime": "1756361365",
        "state": "Succeeded",
        "completeTime": "1756361371",
        "note": "",
        "reason": ["image pulled successfully"],
        "repositoryAuth": "",
    },
)
"""The rows of the vendor's example response, as they stand there."""

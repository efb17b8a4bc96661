"""Objects in the real photos, marked by eye: boxes (x, y, width, height), points (x, y), px."""

from dataclasses import dataclass

OBJECTS = {
    # COCO has no labels for a fox and otters.
    "legendary_1.jpg": [("animal", (687, 566, 188, 205))],
    "legendary_2.jpg": [("dog", (377, 246, 521, 793))],
    "legendary_3.jpg": [("person", (327, 585, 80, 266))],
    "legendary_4.jpg": [("person", (334, 427, 126, 378))],
    "legendary_5.jpg": [("person", (961, 354, 135, 350)), ("sign", (651, 524, 85, 130))],
    "legendary_6.jpg": [("person", (650, 324, 420, 530))],
    "budgie_oakland-zoo-otters.jpg": [("animal", (1140, 580, 2460, 1150))],
    "budgie_perched-osprey.jpg": [("bird", (1110, 445, 635, 1360))],
    "udacity_highway_1.jpg": [("car", (1056, 406, 218, 104)), ("car", (817, 408, 122, 84))],
    "udacity_highway_5.jpg": [("car", (1083, 402, 197, 108)), ("car", (815, 405, 124, 85))],
    "skimage_astronaut.png": [("person", (20, 16, 350, 496))],
    "skimage_chelsea.png": [("cat", (0, 0, 420, 300))],
    "skimage_coffee.png": [("cup", (174, 17, 233, 286))],
    "iopaint_bench_dog.png": [("dog", (181, 116, 132, 268)), ("bench", (27, 213, 444, 260))],
    "kodak_06.png": [("boat", (125, 55, 433, 338))],
    "kodak_12.png": [("person", (284, 64, 114, 298)), ("person", (212, 97, 100, 285))],
    "pairs/14_image.jpg": [("person", (618, 115, 160, 645))],
    "pairs/15_image.jpg": [("person", (712, 282, 495, 770))],
    "pairs/17_image.jpg": [("person", (2060, 1690, 270, 600))],
    "pairs/20_image.jpg": [
        ("person", (4040, 245, 410, 1285)),
        ("person", (1910, 760, 330, 910)),
        ("person", (1710, 750, 320, 860)),
    ],
}

NO_OBJECTS = ["budgie_lake-sherburne.jpg", "kodak_01.png", "kodak_13.png", "skimage_rocket.jpg"]

# Far ends of objects that removals used to leave, and background inside boxes that must stay.
OBJECT_POINTS = {
    "legendary_1.jpg": [(792, 573), (847, 575), (689, 761), (802, 768)],
    "legendary_2.jpg": [(777, 264), (551, 365), (868, 729), (412, 704), (621, 1026), (780, 956)],
    "legendary_4.jpg": [(405, 449), (449, 646), (413, 780)],
    "legendary_5.jpg": [(1023, 376), (1032, 694)],
    "legendary_6.jpg": [(828, 594), (662, 505), (1053, 507), (845, 845)],
    "kodak_12.png": [(248, 350), (370, 295), (397, 230), (210, 288), (331, 341), (268, 386)],
    "udacity_highway_1.jpg": [(1060, 479), (1240, 496), (1161, 415), (822, 477)],
    "iopaint_bench_dog.png": [(255, 147), (234, 359)],
    "budgie_oakland-zoo-otters.jpg": [(1196, 712), (3571, 1255)],
    "pairs/14_image.jpg": [(770, 128), (766, 144), (757, 184)],
    "pairs/15_image.jpg": [(750, 584), (1188, 467)],
    "pairs/17_image.jpg": [(2310, 1953), (2334, 2001)],
    "pairs/20_image.jpg": [(1783, 1217), (2024, 1523), (2095, 1661), (1905, 1465)],
}
BACKGROUND_POINTS = {
    "legendary_1.jpg": [(701, 641)],
    "legendary_2.jpg": [(483, 453)],
    "legendary_4.jpg": [(347, 774)],
    "legendary_5.jpg": [(970, 393)],
    "legendary_6.jpg": [(682, 745)],
}


@dataclass(frozen=True)
class HandDrawnMask:
    """How well outlines must match a hand-drawn mask in an area around detected people.

    The masks are generously dilated, so a tight outline has a recall below 1.
    """

    area: tuple[int, int, int, int]
    recall: float
    iou: float


HAND_DRAWN_MASKS = {
    "14": HandDrawnMask((550, 60, 300, 740), 0.99, 0.80),
    "15": HandDrawnMask((600, 200, 700, 880), 0.99, 0.81),
    "17": HandDrawnMask((1900, 1500, 600, 900), 0.88, 0.84),
    "20": HandDrawnMask((1550, 600, 900, 1250), 0.93, 0.90),
}

# Points of shadows that objects cast, outside their outlines.
SHADOW_POINTS = {
    "budgie_extreme-desert-hike.jpg": [(1400, 2180), (1455, 2165), (1640, 2170), (1250, 2225)],
    "legendary_2.jpg": [(380, 1020)],
    "legendary_6.jpg": [(480, 878), (600, 865), (740, 853)],
}
# Photos in which no detected object has a shadow that differs visibly from the ground.
PHOTOS_WITHOUT_SHADOWS = [
    "budgie_oakland-zoo-otters.jpg", "budgie_perched-osprey.jpg", "iopaint_bench_dog.png",
    "kodak_06.png", "kodak_12.png", "legendary_1.jpg", "legendary_3.jpg", "legendary_4.jpg",
    "pairs/14_image.jpg", "pairs/15_image.jpg", "pairs/17_image.jpg", "pairs/20_image.jpg",
    "skimage_astronaut.png", "skimage_chelsea.png", "skimage_coffee.png", "udacity_highway_1.jpg",
    "udacity_highway_5.jpg",
]  # fmt: skip
